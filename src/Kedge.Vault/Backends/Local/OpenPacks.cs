using Kedge.Vault.Format;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Vault.Backends.Local;

/// <summary>
/// Keeps the packs that were read last open, because thousands of pieces are read out of each. A handle that is pushed out
/// while another thread reads from it closes when that thread has finished; one that has not begun yet gets an
/// <see cref="ObjectDisposedException"/> and asks again.
/// </summary>
/// <param name="capacity">How many stay open, at least 1.</param>
internal sealed class OpenPacks(int capacity, Func<ObjectId, SafeFileHandle> open) : IDisposable
{
    private readonly Lock guard = new();
    private readonly Dictionary<ObjectId, LinkedListNode<(ObjectId Id, SafeFileHandle File)>> byId = [];
    private readonly LinkedList<(ObjectId Id, SafeFileHandle File)> newestFirst = [];
    private long removals;
    private bool disposed;

    internal SafeFileHandle Get(ObjectId id)
    {
        while (true)
        {
            long before;
            lock (guard)
            {
                ObjectDisposedException.ThrowIf(disposed, this);
                if (byId.TryGetValue(id, out var node))
                {
                    newestFirst.Remove(node);
                    newestFirst.AddFirst(node);
                    return node.Value.File;
                }

                before = removals;
            }

            var file = open(id);
            lock (guard)
            {
                // Opened just before a pack was removed, it could bring that pack back.
                if (before == removals && !disposed && !byId.ContainsKey(id))
                {
                    byId[id] = newestFirst.AddFirst((id, file));
                    PushOut();
                    return file;
                }
            }

            file.Dispose();
        }
    }

    /// <summary>To be called once the file has no name any more.</summary>
    internal void Forget(ObjectId id)
    {
        lock (guard)
        {
            removals++;
            if (byId.Remove(id, out var node))
            {
                newestFirst.Remove(node);
                node.Value.File.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (guard)
        {
            disposed = true;
            foreach (var (_, file) in newestFirst)
            {
                file.Dispose();
            }

            newestFirst.Clear();
            byId.Clear();
        }
    }

    private void PushOut()
    {
        while (byId.Count > capacity)
        {
            var (id, file) = newestFirst.Last!.Value;
            newestFirst.RemoveLast();
            byId.Remove(id);
            file.Dispose();
        }
    }
}
