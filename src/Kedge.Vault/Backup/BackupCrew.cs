using Kedge.Vault.Chunking;
using Kedge.Vault.Files;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Threads;

namespace Kedge.Vault.Backup;

/// <summary>What all threads of one backup share.</summary>
internal sealed class BackupCrew : IDisposable
{
    private readonly CancellationTokenSource stopping;
    private System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure;

    internal BackupCrew(VaultRepository vault, BlobIndex index, BlobSession session, BackupWanted wanted, CancellationToken cancellation)
    {
        (Vault, Index, Session, Wanted) = (vault, index, session, wanted);
        stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Cutter = new(vault.Key, CutSizes.Ordinary);
        session.Failed += () => Work.Abort();
        stopping.Token.Register(() => Work.Abort());
    }

    internal VaultRepository Vault { get; }

    internal BlobIndex Index { get; }

    internal BlobSession Session { get; }

    internal BackupWanted Wanted { get; }

    internal ContentCutter Cutter { get; }

    internal WorkStack<BackupWork> Work { get; } = new();

    internal PieceBuffers Buffers { get; } = new();

    internal OwnerNames Owners { get; } = new();

    internal BackupTally Tally { get; } = new();

    internal CancellationToken Stopping => stopping.Token;

    /// <summary>Tells that something is missing from the snapshot, or may be torn; the backup goes on.</summary>
    internal void Tell(ReadOnlySpan<byte> path, string what, bool isLost)
    {
        Wanted.Progress.Problem();
        Wanted.OnProblem?.Invoke(new(PathText.Of(path), what, isLost));
    }

    /// <summary>Tells of a file that is in the snapshot, where anybody wants to hear of it.</summary>
    internal void TellAct(BackupAct act, FolderUnit folder, ReadOnlySpan<byte> name, long length)
    {
        if (Wanted.OnAct is { } tell)
        {
            tell(act, PathText.Of(folder.PathOf(name)), length);
        }
    }

    /// <summary>Works through all that is on the stack with as many threads as wanted, until nothing is left.</summary>
    internal void Run()
    {
        var threads = Enumerable.Range(0, Wanted.Threads).Select(n => new Thread(Labour) { IsBackground = true, Name = $"backup {n}" }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        failure?.Throw();
        Stopping.ThrowIfCancellationRequested();
    }

    public void Dispose() => stopping.Dispose();

    private void Labour()
    {
        try
        {
            using var hand = new BackupHand(this);
            while (Work.Take() is { } work)
            {
                work.Do(this, hand);
                Work.Done();
            }
        }
        catch (Exception problem)
        {
            // Whatever it is, nobody may believe that this backup is whole.
            Interlocked.CompareExchange(ref failure, System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(problem), null);
            Work.Abort();
        }
    }
}
