using System.Runtime.CompilerServices;
using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Browse;

/// <summary>Lists what is in a snapshot, as <c>ls</c> does.</summary>
public static class VaultListing
{
    /// <summary>Entries in depth, those of a folder in the order of their names' bytes. Reads ahead, and no more than is asked for.</summary>
    /// <param name="tree">A snapshot's, or that of a folder in it: paths begin there.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where a folder's path is not absolute;
    /// <see cref="VaultFault.NotFound"/> and <see cref="VaultFault.Damaged"/> where a tree cannot be read; what the storage says.</exception>
    public static async IAsyncEnumerable<ListedEntry> ListAsync(
        VaultRepository vault, BlobIndex index, ObjectId tree, ListingWanted wanted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var folders = wanted.Folders.Select(Absolute).ToList();
        using var blobs = new BlobFetch(vault, index);
        WalkStep Choose(ReadOnlySpan<byte> path, TreeNode node) => StepAt(path, folders, wanted.Recursive);
        await foreach (var entry in new FolderWalk(blobs) { Unreadable = wanted.OnUnreadable }.RunAsync(tree, "/"u8.ToArray(), Choose, cancellation))
        {
            yield return entry;
        }
    }

    private static byte[] Absolute(byte[] path) => PathBytes.IsAbsolute(path)
        ? PathBytes.Clean(path)
        : throw new VaultException(VaultFault.Misuse, $"{PathText.Of(path)} is no absolute path", "Folders of a snapshot are given from its root on, with a slash at the beginning.");

    private static WalkStep StepAt(ReadOnlySpan<byte> path, List<byte[]> folders, bool recursive)
    {
        if (folders.Count == 0)
        {
            return WalkStep.Show | WalkStep.Descend;
        }

        var step = WalkStep.Pass;
        foreach (var folder in folders)
        {
            if (IsIn(path, folder))
            {
                step |= recursive || path.SequenceEqual(folder) ? WalkStep.Show | WalkStep.Descend : WalkStep.Show;
            }
            else if (IsIn(folder, path))
            {
                step |= WalkStep.Descend;
            }
        }

        return step;
    }

    /// <summary>Whether a path is the folder itself or anything below it.</summary>
    private static bool IsIn(ReadOnlySpan<byte> path, ReadOnlySpan<byte> folder) =>
        path.StartsWith(folder) && (path.Length == folder.Length || folder.Length == 1 || path[folder.Length] == PathBytes.Separator);
}
