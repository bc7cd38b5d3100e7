using Kedge.Vault.Browse.Dump;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Browse;

/// <summary>Writes what is in a snapshot into a stream, as <c>dump</c> does. What comes next is read, opened and verified meanwhile.</summary>
public static class VaultDump
{
    /// <summary>Writes a file's content, or a folder's as an archive.</summary>
    /// <param name="tree">A snapshot's, or that of a folder in it: the path begins there, and with it those in an archive.</param>
    /// <param name="path">With or without a slash at its beginning; empty or a slash for the whole tree.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>; <see cref="VaultFault.Misuse"/> where it is
    /// neither file nor folder; <see cref="VaultFault.Damaged"/>, when what was written before is right and the rest is
    /// missing; what the storage says. What the stream throws comes through.</exception>
    public static async Task RunAsync(
        VaultRepository vault, BlobIndex index, ObjectId tree, ReadOnlyMemory<byte> path, DumpWanted wanted, Stream target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(target);
        using var blobs = new BlobFetch(vault, index);
        var entry = await TreeLookup.EntryAsync(blobs, tree, path, cancellation);
        switch (entry?.Node)
        {
            case null:
                await ArchiveAsync(blobs, tree, "/"u8.ToArray(), wanted, target, cancellation);
                break;
            case { Kind: NodeKind.Folder, Subtree: { } subtree }:
                await ArchiveAsync(blobs, subtree, entry.Path, wanted, target, cancellation);
                break;
            case { Kind: NodeKind.File }:
                await FileAsync(blobs, entry, target, cancellation);
                break;
            default:
                throw new VaultException(VaultFault.Misuse, $"{entry!.PathText} is neither a file nor a folder", "Dump the folder in which it stands.");
        }
    }

    /// <summary>Writes a file's content.</summary>
    /// <exception cref="VaultException">As for a path.</exception>
    public static async Task FileAsync(VaultRepository vault, BlobIndex index, ListedEntry file, Stream target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(target);
        using var blobs = new BlobFetch(vault, index);
        await FileAsync(blobs, file, target, cancellation);
    }

    private static async Task FileAsync(BlobFetch blobs, ListedEntry file, Stream target, CancellationToken cancellation)
    {
        await using var pipe = new ContentPipe(blobs, target, cancellation);
        pipe.Demand(file);
        await pipe.AddContentAsync(file);
        await pipe.CompleteAsync();
    }

    private static Task ArchiveAsync(BlobFetch blobs, ObjectId tree, ReadOnlyMemory<byte> at, DumpWanted wanted, Stream target, CancellationToken cancellation) =>
        wanted.Archive == ArchiveKind.Tar
            ? TarDump.RunAsync(blobs, tree, at, wanted, target, cancellation)
            : ZipDump.RunAsync(blobs, tree, at, wanted, target, cancellation);
}
