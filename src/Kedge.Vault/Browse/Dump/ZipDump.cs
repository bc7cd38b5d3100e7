using System.IO.Compression;
using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Dump;

/// <summary>
/// Writes folders, files and symbolic links as a zip archive, without compressing them, as restic does. It has text for names,
/// times to two seconds, and no owners: a tar archive holds more.
/// </summary>
internal static class ZipDump
{
    private const uint FileType = 0x8000, FolderType = 0x4000, LinkType = 0xa000;

    internal static async Task RunAsync(
        BlobFetch blobs, ObjectId tree, ReadOnlyMemory<byte> at, DumpWanted wanted, Stream target, CancellationToken cancellation)
    {
        await using var archive = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
        await foreach (var entry in new FolderWalk(blobs).RunAsync(tree, at, (_, _) => WalkStep.Show | WalkStep.Descend, cancellation))
        {
            var type = entry.Node.Kind switch { NodeKind.File => FileType, NodeKind.Folder => FolderType, NodeKind.Symlink => LinkType, _ => 0u };
            if (type == 0)
            {
                wanted.OnProblem?.Invoke(new(entry, "a zip archive holds only folders, files and symbolic links"));
                continue;
            }

            var name = PathText.Of(entry.Path.Span[1..]);
            var member = archive.CreateEntry(entry.Node.Kind == NodeKind.Folder ? $"{name}/" : name, CompressionLevel.NoCompression);
            member.ExternalAttributes = (int)((type | GoMode.ToPermissions(entry.Node.Mode)) << 16);
            member.LastWriteTime = Representable(entry.Node.ModifiedAt);
            await using var content = await member.OpenAsync(cancellation);
            if (entry.Node.Kind == NodeKind.Symlink)
            {
                await content.WriteAsync(entry.Node.LinkTarget, cancellation);
            }
            else if (entry.Node.Kind == NodeKind.File)
            {
                await using var pipe = new ContentPipe(blobs, content, cancellation);
                pipe.Demand(entry);
                await pipe.AddContentAsync(entry);
                await pipe.CompleteAsync();
            }
        }
    }

    /// <summary>The format counts years from 1980 to 2107.</summary>
    private static DateTimeOffset Representable(GoTime time)
    {
        var moment = time.ToDateTimeOffset();
        return moment.Year < 1980 ? new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero) : moment.Year > 2107 ? new(2107, 12, 31, 23, 59, 58, TimeSpan.Zero) : moment;
    }
}
