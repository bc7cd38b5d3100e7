using System.Runtime.ExceptionServices;
using Kedge.Vault.Files;
using Kedge.Vault.Indexing;
using Kedge.Vault.Threads;

namespace Kedge.Vault.Restore;

/// <summary>What all threads of one restore share.</summary>
internal sealed class RestoreCrew : IDisposable
{
    private const int ManyOpen = 400;

    private int open;

    internal RestoreCrew(VaultRepository vault, BlobIndex index, RestoreWanted wanted, FolderHandle target, CancellationToken cancellation)
    {
        (Vault, Index, Wanted, Target, Cancellation) = (vault, index, wanted, target, cancellation);
        Disks = new(target, wanted.Target);
        Times = new(this);
    }

    internal VaultRepository Vault { get; }

    internal BlobIndex Index { get; }

    internal RestoreWanted Wanted { get; }

    internal FolderHandle Target { get; }

    internal CancellationToken Cancellation { get; }

    internal TargetDisks Disks { get; }

    internal PendingTimes Times { get; }

    /// <summary>Whether this process may give files away.</summary>
    internal bool IsRoot => UserId == 0;

    /// <summary>Whose new entries are.</summary>
    internal uint UserId { get; } = Identity.UserId;

    internal uint GroupId { get; } = Identity.GroupId;

    /// <summary>Whether so many files are open that one which is not needed now should be closed.</summary>
    internal bool HasManyOpen => Volatile.Read(ref open) > ManyOpen;

    internal void FileOpened() => Interlocked.Increment(ref open);

    internal void FileClosed() => Interlocked.Decrement(ref open);

    internal KnownMetadata KnownOf(RestoreFolder folder, bool isNew)
    {
        var isOurs = isNew && !folder.Bequeaths;
        return new(
            IsRoot,
            isNew,
            isOurs ? UserId : null,
            isOurs ? GroupId : null,
            isOurs ? 0x180 : null,
            Modified: null,
            MayHaveAttributes: !isOurs);
    }

    /// <summary>Whether a file is this process's own, so that it may change who may write it.</summary>
    internal bool Owns(in FileStatus status) => status.UserId == UserId;

    internal void Act(RestoreAct act, RestoreFolder folder, ReadOnlySpan<byte> name) => Wanted.OnAct?.Invoke(act, PathText.Of(folder.PathOf(name)));

    internal void Tell(byte[] path, string what)
    {
        Wanted.Progress.Problem();
        Wanted.OnProblem?.Invoke(new(PathText.Of(path), what));
    }

    /// <summary>A disk that is full ends the restore: of every other file it would only be said again.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NoSpace"/>.</exception>
    internal static void DemandSpace(Errno error, string act, ReadOnlySpan<byte> path)
    {
        if (error is Errno.NoSpace or Errno.QuotaExceeded)
        {
            throw FileSystemError.At(error, act, path);
        }
    }

    public void Dispose() => Disks.Dispose();

    /// <summary>Does all of it on several threads, and waits.</summary>
    internal void Run(List<RestoreWork> works)
    {
        if (works.Count == 0)
        {
            return;
        }

        var stack = new WorkStack<RestoreWork>();
        ExceptionDispatchInfo? failure = null;
        stack.Push(works);
        using var stopping = Cancellation.Register(stack.Abort);
        var threads = Enumerable.Range(0, Math.Min(Wanted.Threads, works.Count)).Select(n => new Thread(Labour) { IsBackground = true, Name = $"restore {n}" }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        failure?.Throw();
        Cancellation.ThrowIfCancellationRequested();

        void Labour()
        {
            try
            {
                using var hand = new RestoreHand(this);
                while (stack.Take() is { } work)
                {
                    work.Do(hand);
                    stack.Done();
                }
            }
            catch (Exception problem)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(problem), null);
                stack.Abort();
            }
        }
    }
}

/// <summary>A piece of work that any thread of a restore may do.</summary>
internal abstract class RestoreWork
{
    internal abstract void Do(RestoreHand hand);
}
