using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Counting;

/// <summary>
/// Entries and their sizes. A folder in which no file has several names counts alike wherever it is, and is read once. (Where
/// such a file is, its other names may be anywhere in the same snapshot.)
/// </summary>
internal sealed class RestoreSizeCount
{
    /// <summary>Some 80 MiB.</summary>
    private const int MostRemembered = 1 << 20;

    private readonly Dictionary<ObjectId, Totals> known = [];
    private readonly Stack<Totals> open = new();
    private readonly HashSet<(ulong Device, ulong Inode)> linked = [];
    private readonly FolderWalk walk;

    internal RestoreSizeCount(BlobFetch blobs) => walk = new(blobs) { Left = (frame, _) => Leave(frame) };

    internal async Task<SnapshotStatistics> RunAsync(IEnumerable<ObjectId> trees, CancellationToken cancellation)
    {
        var all = default(Totals);
        foreach (var tree in trees)
        {
            linked.Clear();
            if (!known.TryGetValue(tree, out var totals))
            {
                open.Push(default);
                await foreach (var entry in walk.RunAsync(tree, "/"u8.ToArray(), Choose, cancellation))
                {
                    Count(entry.Node);
                }

                totals = open.Pop();
            }

            all = all.With(totals);
        }

        return new() { TotalSize = all.Size, Files = all.Entries };
    }

    private WalkStep Choose(ReadOnlySpan<byte> path, TreeNode node) =>
        node.Subtree is { } tree && known.ContainsKey(tree) ? WalkStep.Show : WalkStep.Show | WalkStep.Descend;

    private void Count(TreeNode node)
    {
        var hasNames = node.Kind != NodeKind.Folder && node.Links != 1;
        // As restic, which knows files by their inodes where it knows them.
        var isFirst = !hasNames || node.Inode == 0 || linked.Add((node.DeviceId, node.Inode));
        var totals = open.Pop().With(new(1, isFirst ? node.Size : 0, hasNames));
        if (node.Subtree is not { } tree)
        {
            open.Push(totals);
        }
        else if (known.TryGetValue(tree, out var below))
        {
            open.Push(totals.With(below));
        }
        else
        {
            open.Push(totals);
            open.Push(default);
        }
    }

    private void Leave(WalkFrame frame)
    {
        var totals = open.Pop();
        if (!totals.HasNames && known.Count < MostRemembered)
        {
            known.TryAdd(frame.Tree, totals);
        }

        // The root's own stay, for whoever asked.
        open.Push(open.TryPop(out var above) ? above.With(totals) : totals);
    }

    private readonly record struct Totals(long Entries, long Size, bool HasNames)
    {
        internal Totals With(Totals other) => new(Entries + other.Entries, Size + other.Size, HasNames || other.HasNames);
    }
}
