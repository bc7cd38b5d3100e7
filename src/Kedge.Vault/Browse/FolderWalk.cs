using System.Runtime.CompilerServices;
using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Browse;

/// <summary>
/// Goes through a tree in depth, in the order of names. What comes next is fetched meanwhile; no more than a few trees are
/// in memory besides those of the folders that lie above the present place.
/// </summary>
internal sealed class FolderWalk(BlobFetch blobs)
{
    /// <summary>Deeper trees nobody has: a path of 4096 bytes has half as many folders.</summary>
    private const int MaximumDepth = 4096;
    private const long MostBytesAhead = 16 << 20;

    private readonly int mostAhead = Math.Clamp(blobs.Vault.Backend.Traits.Connections, 2, 16);
    private long bytesAhead;
    private long shown;

    /// <summary>Told of each folder that was left, and whether nothing was shown of what is in it.</summary>
    internal Action<WalkFrame, bool>? Left { get; init; }

    /// <summary>Told of a folder that cannot be read, or not to its end; the walk goes on behind it. Without this it ends there.</summary>
    internal Action<UnreadableFolder>? Unreadable { get; init; }

    /// <param name="at">The path of the root: a slash, or an absolute path.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/> and <see cref="VaultFault.Damaged"/> where a tree
    /// cannot be read, or what the storage says.</exception>
    internal async IAsyncEnumerable<ListedEntry> RunAsync(
        ObjectId root, ReadOnlyMemory<byte> at, WalkChoice choice, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var frames = new Stack<WalkFrame>();
        var unneeded = new List<Task>();
        // What is still being fetched when nobody asks for more is given up.
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            Push(frames, new(at, root, choice), await TryAsync(at, blobs.LoadTreeAsync(root, cancellation)));
            while (frames.TryPeek(out var frame))
            {
                var node = new TreeNode();
                if (!TryReadNext(frame, node, out var path, out var step))
                {
                    Abandon(frames.Pop(), unneeded);
                    Left?.Invoke(frame, shown == frame.ShownBefore);
                    continue;
                }

                if (step.HasFlag(WalkStep.Show))
                {
                    shown++;
                    yield return new(path, node, frame.Tree);
                }

                if (step.HasFlag(WalkStep.Descend) && node is { Kind: NodeKind.Folder, Subtree: { } tree })
                {
                    if (frames.Count == MaximumDepth)
                    {
                        throw VaultException.Damaged($"folders that are {MaximumDepth} deep: {PathText.Of(path)[..200]}…");
                    }

                    Push(frames, new(path, tree, choice), await TryAsync(path, NextAsync(frame, tree, unneeded, abandoned.Token)));
                }
            }
        }
        finally
        {
            await abandoned.CancelAsync();
            while (frames.TryPop(out var frame))
            {
                Abandon(frame, unneeded);
            }

            foreach (var fetch in unneeded)
            {
                await Abandoned.EndAsync(fetch);
            }
        }
    }

    private void Push(Stack<WalkFrame> frames, WalkFrame frame, byte[]? json)
    {
        frame.ShownBefore = shown;
        frame.Begin(json);
        frames.Push(frame);
    }

    /// <returns>Null where it cannot be read, and that was told.</returns>
    private async Task<byte[]?> TryAsync(ReadOnlyMemory<byte> path, Task<byte[]> json)
    {
        try
        {
            return await json;
        }
        catch (VaultException problem) when (Unreadable is not null && problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            Unreadable(new(path, problem));
            return null;
        }
    }

    private bool TryReadNext(WalkFrame frame, TreeNode node, out byte[] path, out WalkStep step)
    {
        try
        {
            return frame.TryReadNext(node, out path, out step);
        }
        catch (VaultException problem) when (Unreadable is not null && problem.Fault == VaultFault.Damaged)
        {
            Unreadable(new(frame.Path, problem));
            (path, step) = ([], WalkStep.Pass);
            return false;
        }
    }

    private async Task<byte[]> NextAsync(WalkFrame frame, ObjectId tree, List<Task> unneeded, CancellationToken cancellation)
    {
        while (true)
        {
            FetchAhead(frame, cancellation);
            var fetch = frame.Ahead.Dequeue();
            bytesAhead -= fetch.Length;
            if (fetch.Tree == tree)
            {
                FetchAhead(frame, cancellation);
                return await fetch.Json;
            }

            // Since it was fetched, the choice learned that nothing is in it.
            Abandon(fetch.Json, unneeded);
        }
    }

    private void Abandon(WalkFrame frame, List<Task> unneeded)
    {
        while (frame.Ahead.TryDequeue(out var fetch))
        {
            bytesAhead -= fetch.Length;
            Abandon(fetch.Json, unneeded);
        }
    }

    private static void Abandon(Task fetch, List<Task> unneeded)
    {
        unneeded.RemoveAll(task => task.IsCompleted);
        if (fetch.IsCompleted)
        {
            // So that nobody is told of a failure that does not matter.
            _ = fetch.Exception;
            return;
        }

        unneeded.Add(fetch);
    }

    private void FetchAhead(WalkFrame frame, CancellationToken cancellation)
    {
        // One is needed whatever it takes.
        while (frame.Ahead.Count == 0 || (frame.Ahead.Count < mostAhead && bytesAhead < MostBytesAhead))
        {
            if (frame.Scout() is not { } tree)
            {
                break;
            }

            var length = Math.Max(0, blobs.Index.ContentLength(new(BlobKind.Tree, tree)));
            bytesAhead += length;
            // The local storage reads in the caller's thread.
            frame.Ahead.Enqueue(new(tree, Task.Run(() => blobs.LoadTreeAsync(tree, cancellation), CancellationToken.None), length));
        }
    }
}
