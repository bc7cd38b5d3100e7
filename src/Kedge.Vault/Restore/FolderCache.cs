using Kedge.Vault.Files;

namespace Kedge.Vault.Restore;

/// <summary>
/// Folders of the target that one thread holds open. Each is opened by name in the one above it, and nothing on the way is
/// followed, so that no link, whoever puts it there, leads out of the target.
/// </summary>
internal sealed class FolderCache(FolderHandle target) : IDisposable
{
    private const int MostOpen = 48;
    private const int Landmarks = 20;

    private readonly Dictionary<RestoreFolder, LinkedListNode<(RestoreFolder Folder, FolderHandle Handle)>> open = [];
    private readonly LinkedList<(RestoreFolder Folder, FolderHandle Handle)> byUse = new();

    /// <param name="handle">Valid until the next call; not the caller's to dispose.</param>
    internal Errno Open(RestoreFolder folder, out FolderHandle handle)
    {
        if (folder.Above is null)
        {
            handle = target;
            return Errno.None;
        }

        if (open.TryGetValue(folder, out var node))
        {
            byUse.Remove(node);
            byUse.AddFirst(node);
            handle = node.Value.Handle;
            return Errno.None;
        }

        return OpenAnew(folder, out handle);
    }

    public void Dispose()
    {
        foreach (var (_, handle) in byUse)
        {
            handle.Dispose();
        }

        byUse.Clear();
        open.Clear();
    }

    private Errno OpenAnew(RestoreFolder folder, out FolderHandle handle)
    {
        // A loop rather than recursion: a hostile tree may be deep.
        var way = new Stack<RestoreFolder>();
        var from = target;
        for (var at = folder; at.Above is not null; at = at.Above)
        {
            if (open.TryGetValue(at, out var known))
            {
                byUse.Remove(known);
                byUse.AddFirst(known);
                from = known.Value.Handle;
                break;
            }

            way.Push(at);
        }

        handle = from;
        var isCached = true;
        var every = (way.Count / Landmarks) + 1;
        while (way.TryPop(out var step))
        {
            var error = handle.OpenFolder(step.Name, out var next);
            if (!isCached)
            {
                handle.Dispose();
            }

            if (error != Errno.None)
            {
                return error;
            }

            handle = next;
            // Of a long way the last ones are worth keeping, and a few from which to go on to others nearby.
            isCached = way.Count < MostOpen / 2 || way.Count % every == 0;
            if (isCached)
            {
                Keep(step, next);
            }
        }

        return Errno.None;
    }

    private void Keep(RestoreFolder folder, FolderHandle handle)
    {
        open[folder] = byUse.AddFirst((folder, handle));
        if (byUse.Count > MostOpen)
        {
            var (oldest, closing) = byUse.Last!.Value;
            byUse.RemoveLast();
            open.Remove(oldest);
            closing.Dispose();
        }
    }
}
