using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Restore;

/// <summary>
/// Goes through the tree of a snapshot, makes folders, links and special files, and gathers the regular files into batches,
/// which other threads restore meanwhile. Whatever the tree says, nothing outside the target is touched.
/// </summary>
internal sealed class RestoreWalk(RestoreCrew crew) : IDisposable
{
    private readonly BlobReader reader = crew.Vault.OpenReader();
    private readonly FolderCache folders = new(crew.Target);
    private readonly EntryMaker maker = new(crew);
    private readonly TreeReader trees = new(anyOrder: false);
    private readonly TreeNode node = new();
    private readonly Stack<(RestoreFolder Folder, ObjectId Tree, byte[] PathInSnapshot)> pending = new();
    private readonly List<RestoreFolder> done = [];
    private readonly Dictionary<(NodeKind Kind, ulong Inode, ulong Device), (RestoreFolder Folder, byte[] Name)> linked = [];
    private readonly List<((RestoreFolder Folder, byte[] Name) To, RestoreFolder Folder, byte[] Name)> links = [];
    private readonly List<int> positions = [];
    private readonly List<long> offsets = [];
    private RestoreBatch batch = new(crew);
    private Task running = Task.CompletedTask;

    internal void Run(bool targetIsNew)
    {
        pending.Push((new(null, crew.Wanted.Target, targetIsNew, null), crew.Wanted.Tree, "/"u8.ToArray()));
        while (pending.TryPop(out var next))
        {
            crew.Cancellation.ThrowIfCancellationRequested();
            DoFolder(next.Folder, next.Tree, next.PathInSnapshot);
        }

        RunBatch();
        running.GetAwaiter().GetResult();
        if (crew.Wanted.DryRun)
        {
            return;
        }

        links.ForEach(l => maker.Link(folders, l.To, l.Folder, l.Name));
        // What lies deeper first: a folder may become read-only.
        foreach (var folder in done.OrderByDescending(f => f.Depth))
        {
            maker.Finish(folders, folder);
        }
    }

    public void Dispose()
    {
        // The others use the target, too.
        running.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        reader.Dispose();
        folders.Dispose();
    }

    private void DoFolder(RestoreFolder folder, ObjectId tree, byte[] pathInSnapshot)
    {
        done.Add(folder);
        var handle = FolderHandle.None;
        var error = crew.Wanted.DryRun && folder.IsNew ? Errno.None : folders.Open(folder, out handle);
        if (error != Errno.None)
        {
            crew.Tell(folder.PathOf([]), $"cannot open the folder: {error.Words()}");
            return;
        }

        var surplus = crew.Wanted.Delete && !folder.IsNew ? Surplus.Of(handle) : null;
        var below = new List<(RestoreFolder Folder, ObjectId Tree, byte[] PathInSnapshot)>();
        try
        {
            // The reader's memory serves the next tree.
            trees.Begin(reader.Read(crew.Index, new(BlobKind.Tree, tree), crew.Cancellation).ToArray());
            while (trees.TryReadNext(node))
            {
                surplus?.Belongs(node.Name);
                DoNode(folder, handle, PathBytes.Join(pathInSnapshot, node.Name), below);
            }
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            crew.Tell(folder.PathOf([]), $"the folder's list is lost: {problem.Message}");
            return;
        }

        surplus?.Remove(crew, folder, handle, pathInSnapshot);
        for (var i = below.Count - 1; i >= 0; i--)
        {
            pending.Push(below[i]);
        }
    }

    private void DoNode(RestoreFolder folder, FolderHandle handle, byte[] path, List<(RestoreFolder Folder, ObjectId Tree, byte[] PathInSnapshot)> below)
    {
        var descend = true;
        var isWanted = crew.Wanted.Filter is null || crew.Wanted.Filter.Wants(path, node.Kind == NodeKind.Folder, out descend);
        if (!isWanted && !(node.Kind == NodeKind.Folder && descend))
        {
            return;
        }

        if ((node.NameProblem ?? node.KindProblem) is { } problem)
        {
            crew.Tell(folder.PathOf([]), $"an entry {problem}; it was left out");
            return;
        }

        if (node.Kind == NodeKind.Folder)
        {
            if (maker.Folder(folder, handle, node, isWanted) is { } made)
            {
                below.Add((made, node.Subtree!.Value, path));
            }
        }
        else if (MayHaveOtherNames && linked.TryGetValue((node.Kind, node.Inode, node.DeviceId), out var first))
        {
            links.Add((first, folder, node.Name.ToArray()));
            crew.Act(RestoreAct.Made, folder, node.Name);
        }
        else if ((node.Kind == NodeKind.File ? DoFile(folder, handle) : maker.Special(folder, handle, node)) && MayHaveOtherNames)
        {
            linked[(node.Kind, node.Inode, node.DeviceId)] = (folder, node.Name.ToArray());
        }
    }

    private bool MayHaveOtherNames => node.Links > 1 && node.Inode != 0;

    /// <returns>Whether the file will be there as this restore makes it.</returns>
    private bool DoFile(RestoreFolder folder, FolderHandle handle)
    {
        var (size, missing) = Locate();
        if (maker.File(folder, handle, node, size) is not { } file)
        {
            return false;
        }

        crew.Wanted.Progress.Found(size);
        if (missing > 0)
        {
            file.Spoil();
            file.Skip();
            crew.Tell(file.Path, missing == 1
                ? $"1 of its {node.Content.Count} pieces is in no index of the vault; it was not restored"
                : $"{missing} of its {node.Content.Count} pieces are in no index of the vault; from the first of them on it was not restored");
        }
        else if (size != node.Size)
        {
            crew.Tell(file.Path, $"the snapshot says {node.Size} bytes; its pieces have {size}");
        }

        if (file.Exists)
        {
            batch.AddExisting(file, positions, offsets);
        }
        else if (!crew.Wanted.DryRun)
        {
            batch.Add(file, positions, offsets);
        }

        if (batch.IsFull)
        {
            RunBatch();
        }

        return true;
    }

    /// <summary>Looks up the node's pieces.</summary>
    private (long Size, int Missing) Locate()
    {
        positions.Clear();
        offsets.Clear();
        var (size, missing, gap) = (0L, 0, 0);
        foreach (var piece in node.Content)
        {
            var position = crew.Index.Find(new(BlobKind.Data, piece));
            if (position < 0)
            {
                gap = missing++ == 0 ? positions.Count : gap;
                continue;
            }

            positions.Add(position);
            offsets.Add(size);
            size += crew.Index.EntryAt(position).ContentLength;
        }

        if (missing == 0)
        {
            return (size, 0);
        }

        // A single piece is as long as the others leave of the whole; of several nobody knows where the rest should stand.
        var lost = node.Size - size;
        if (missing == 1 && lost >= 0)
        {
            for (var i = gap; i < offsets.Count; i++)
            {
                offsets[i] += lost;
            }
        }
        else
        {
            positions.RemoveRange(gap, positions.Count - gap);
            offsets.RemoveRange(gap, offsets.Count - gap);
        }

        return (node.Size, missing);
    }

    private void RunBatch()
    {
        running.GetAwaiter().GetResult();
        var full = batch;
        batch = new(crew);
        running = Task.Factory.StartNew(full.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
