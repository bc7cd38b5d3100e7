using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Restore;

/// <summary>
/// Goes through the tree of a snapshot, makes folders, links and special files, and gathers the regular files into batches,
/// which other threads restore meanwhile. Whatever the tree says, nothing outside the target is touched.
/// </summary>
internal sealed class RestoreWalk : IDisposable
{
    private readonly RestoreCrew crew;
    private readonly BlobReader reader;
    private readonly FolderCache folders;
    private readonly PresentEntries present;
    private readonly FolderMaker folderMaker;
    private readonly FileMaker fileMaker;
    private readonly SpecialMaker specialMaker;
    private readonly TreeReader trees = new(anyOrder: false);
    private readonly TreeNode node = new();
    private readonly Stack<(RestoreFolder Folder, ObjectId Tree, byte[] PathInSnapshot)> pending = new();
    private readonly List<RestoreFolder> done = [];
    private readonly Dictionary<(NodeKind Kind, ulong Inode, ulong Device), (RestoreFolder Folder, byte[] Name)> linked = [];
    private readonly List<((RestoreFolder Folder, byte[] Name) To, RestoreFolder Folder, byte[] Name)> links = [];
    private readonly List<int> positions = [];
    private readonly List<long> offsets = [];
    private RestoreBatch batch;
    private Task running = Task.CompletedTask;
    private RestoreFolder? impossible;

    internal RestoreWalk(RestoreCrew crew)
    {
        this.crew = crew;
        reader = crew.Vault.OpenReader();
        folders = new(crew.Target);
        batch = new(crew);
        present = new(crew);
        var owners = crew.Wanted.OwnersByName ? new OwnerNames() : null;
        folderMaker = new(crew, present, owners);
        fileMaker = new(crew, present, owners);
        specialMaker = new(crew, present, owners);
    }

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

        crew.Times.Settle();
        links.ForEach(l => fileMaker.Link(folders, l.To, l.Folder, l.Name));
        // What lies deeper first: a folder may become read-only.
        foreach (var folder in done.OrderByDescending(f => f.Depth))
        {
            folderMaker.Finish(folders, folder);
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
        if (!folder.IsPlanned && !TryEnter(folder, out handle))
        {
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
                DoNode(folder, ref handle, PathBytes.Join(pathInSnapshot, node.Name), below);
            }
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            crew.Tell(folder.PathOf([]), $"the folder's list is lost{(trees.Count > 0 ? $" after {trees.Count} entries" : "")}: {problem.Message}");
            // Nobody knows what does not belong there.
            surplus = null;
        }

        surplus?.Remove(crew, folder, handle, pathInSnapshot);
        for (var i = below.Count - 1; i >= 0; i--)
        {
            pending.Push(below[i]);
        }
    }

    /// <summary>Opens a folder, but for one that would only be made.</summary>
    private bool TryEnter(RestoreFolder folder, out FolderHandle handle)
    {
        handle = FolderHandle.None;
        if (crew.Wanted.DryRun && folder.IsNew)
        {
            return true;
        }

        var error = folders.Open(folder, out handle);
        if (error != Errno.None)
        {
            crew.Tell(folder.PathOf([]), $"cannot open the folder: {error.Words()}");
            return false;
        }

        folder.LookAt(handle, crew.UserId, crew.GroupId);
        if (!folder.IsNew)
        {
            crew.Disks.Know(folder.Device, handle);
        }

        return true;
    }

    /// <summary>Makes a folder that was only planned, and those above it.</summary>
    private bool TryMake(RestoreFolder folder, out FolderHandle handle)
    {
        var way = new Stack<RestoreFolder>();
        for (var at = folder; at.IsPlanned; at = at.Above!)
        {
            way.Push(at);
        }

        handle = FolderHandle.None;
        while (way.TryPop(out var step))
        {
            if (!TryEnter(step.Above!, out handle) || !folderMaker.MakeFolder(step.Above!, handle, step.Name))
            {
                return false;
            }

            step.IsPlanned = false;
        }

        return TryEnter(folder, out handle);
    }

    private void DoNode(RestoreFolder folder, ref FolderHandle handle, byte[] path, List<(RestoreFolder Folder, ObjectId Tree, byte[] PathInSnapshot)> below)
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

        if (isWanted && folder.IsPlanned && (folder == impossible || !TryMake(folder, out handle)))
        {
            impossible = folder;
            return;
        }

        if (node.Kind == NodeKind.Folder)
        {
            if (folderMaker.Folder(folder, handle, node, isWanted) is { } made)
            {
                below.Add((made, node.Subtree!.Value, path));
            }
        }
        else if (MayHaveOtherNames && linked.TryGetValue((node.Kind, node.Inode, node.DeviceId), out var first))
        {
            DoOtherName(first, folder, handle);
        }
        else if ((node.Kind == NodeKind.File ? DoFile(folder, handle) : specialMaker.Make(folder, handle, node)) && MayHaveOtherNames)
        {
            linked[(node.Kind, node.Inode, node.DeviceId)] = (folder, node.Name.ToArray());
        }
    }

    private void DoOtherName((RestoreFolder Folder, byte[] Name) first, RestoreFolder folder, FolderHandle handle)
    {
        if (present.Stays(folder, handle, node, node.Size))
        {
            crew.Act(RestoreAct.Kept, folder, node.Name);
        }
        else if (crew.Wanted.DryRun)
        {
            crew.Act(RestoreAct.Made, folder, node.Name);
        }
        else
        {
            links.Add((first, folder, node.Name.ToArray()));
        }
    }

    private bool MayHaveOtherNames => node.Links > 1 && node.Inode != 0;

    /// <returns>Whether the file will be there as the snapshot has it.</returns>
    private bool DoFile(RestoreFolder folder, FolderHandle handle)
    {
        var (size, missing) = Locate();
        if (fileMaker.File(folder, handle, node, size) is not { } file)
        {
            // By size and time it is the snapshot's.
            return crew.Wanted.Overwrite == Overwrite.IfChanged && MayHaveOtherNames && present.Stays(folder, handle, node, size);
        }

        crew.Wanted.Progress.Found(size);
        if (missing > 0)
        {
            file.Lacks($"{missing} of its {node.Content.Count} pieces are in no index of the vault, or nobody knows where in the file they belong; the rest was restored", crew);
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
    /// <returns>How long the file is, and how many pieces cannot be put into it.</returns>
    private (long Size, int Missing) Locate()
    {
        positions.Clear();
        offsets.Clear();
        var (from, to, size) = (0, node.Content.Count, 0L);
        for (; from < to && PositionOf(from) is >= 0 and var position; from++)
        {
            Place(position, size);
            size += crew.Index.EntryAt(position).ContentLength;
        }

        if (from == to)
        {
            return (size, 0);
        }

        // How long the missing piece was nobody knows, but what follows the last of them ends where the file does.
        var end = node.Size;
        for (; to > from && PositionOf(to - 1) is >= 0 and var position && crew.Index.EntryAt(position).ContentLength is var length && end - length >= size; to--)
        {
            end -= length;
            Place(position, end);
        }

        return (Math.Max(size, node.Size), to - from);
    }

    private int PositionOf(int piece) => crew.Index.Find(new(BlobKind.Data, node.Content[piece]));

    private void Place(int position, long offset)
    {
        positions.Add(position);
        offsets.Add(offset);
    }

    private void RunBatch()
    {
        running.GetAwaiter().GetResult();
        var full = batch;
        batch = new(crew);
        running = Task.Factory.StartNew(full.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
