using System.Runtime.InteropServices;
using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Counting;

/// <summary>
/// Blobs of files, for each path. A content that was met before does not count again; a folder that was, holds nothing new.
/// </summary>
internal sealed class BlobsPerFileCount(BlobFetch blobs)
{
    private readonly HashSet<ObjectId> contents = [];
    private readonly HashSet<ObjectId> paths = [];
    private readonly HashSet<ObjectId> ofPaths = [];
    private readonly HashSet<ObjectId> folders = [];
    private long size;

    internal async Task<SnapshotStatistics> RunAsync(IEnumerable<ObjectId> trees, CancellationToken cancellation)
    {
        var walk = new FolderWalk(blobs) { Left = (frame, _) => folders.Add(frame.Tree) };
        foreach (var tree in trees.Where(tree => !folders.Contains(tree)))
        {
            await foreach (var file in walk.RunAsync(tree, "/"u8.ToArray(), Choose, cancellation))
            {
                Count(file);
            }
        }

        return new() { TotalSize = size, Files = paths.Count, Blobs = ofPaths.Count };
    }

    private WalkStep Choose(ReadOnlySpan<byte> path, TreeNode node) => node switch
    {
        { Content.Count: > 0 } => WalkStep.Show,
        { Subtree: { } tree } when !folders.Contains(tree) => WalkStep.Descend,
        _ => WalkStep.Pass,
    };

    private void Count(ListedEntry file)
    {
        if (!contents.Add(ObjectId.Of(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(file.Node.Content)))))
        {
            return;
        }

        var path = ObjectId.Of(file.Path.Span);
        paths.Add(path);
        foreach (var blob in file.Node.Content)
        {
            if (ofPaths.Add(ObjectId.Of([.. path.Bytes, .. blob.Bytes])))
            {
                var length = blobs.Index.ContentLength(new(BlobKind.Data, blob));
                size += length >= 0 ? length : throw new VaultException(
                    VaultFault.NotFound, $"{file.PathText}: data {blob.Short} is in no index", "Run 'kedge vault repair index', then 'kedge vault check'.");
            }
        }
    }
}
