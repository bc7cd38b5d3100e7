using System.IO.Enumeration;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backends.Local;

/// <summary>Lists what is in a vault's folders. A folder that is missing has nothing in it: copying tools leave out empty ones.</summary>
internal sealed class LocalListing(string root, CancellationToken cancellation)
{
    /// <summary>restic's own mark for files that are not whole yet, behind their name; nobody takes them for objects.</summary>
    internal const string Unfinished = "-tmp-";

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    internal IEnumerable<StoredObject> Of(ObjectKind kind)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var found in kind switch
        {
            ObjectKind.Config => Existing([ObjectName.Config]),
            ObjectKind.Pack => PackFolders.SelectMany(f => Existing(NamesIn(f, kind).Where(n => f.EndsWith(StorageLayout.FolderOf(n), StringComparison.Ordinal)))),
            _ => Existing(NamesIn(FolderOf(kind), kind)),
        })
        {
            yield return found;
        }
    }

    /// <summary>Files that savers began before a time and never finished.</summary>
    internal IEnumerable<string> Remains(DateTimeOffset before) => StorageLayout.KindsWithFolder.Where(k => k != ObjectKind.Pack).Select(FolderOf)
        .Concat(PackFolders).Append(root)
        .SelectMany(f => In(f, (ref FileSystemEntry entry) => IsUnfinished(entry.FileName) ? Path.Join(f, entry.FileName) : null))
        .Where(f => LocalCalls.TryStatus(f) is { IsRegular: true } file && file.Changed < before);

    private IEnumerable<string> PackFolders => StorageLayout.PackFolders.Select(f => Path.Join(FolderOf(ObjectKind.Pack), f));

    private string FolderOf(ObjectKind kind) => Path.Join(root, ObjectName.FolderOf(kind));

    private IEnumerable<StoredObject> Existing(IEnumerable<ObjectName> names)
    {
        foreach (var name in names)
        {
            cancellation.ThrowIfCancellationRequested();
            // Gone since its folder was read: then it is not there.
            if (Found(name) is { } found)
            {
                yield return found;
            }
        }
    }

    private StoredObject? Found(ObjectName name) =>
        LocalCalls.TryStatus(Path.Join(root, StorageLayout.PathOf(name))) is { IsRegular: true } file ? new(name, file.Length) : null;

    private static bool IsUnfinished(ReadOnlySpan<char> file) =>
        file.IndexOf(Unfinished, StringComparison.Ordinal) is >= 0 and var end && (file[..end] is "config" || ObjectId.TryParse(file[..end], out _));

    private static IEnumerable<ObjectName> NamesIn(string folder, ObjectKind kind) =>
        In(folder, (ref FileSystemEntry entry) => ObjectId.TryParse(entry.FileName, out var id) ? (ObjectId?)id : null)
            .Select(id => new ObjectName(kind, id!.Value));

    private static List<T> In<T>(string folder, FileSystemEnumerable<T?>.FindTransform choose)
    {
        try
        {
            return [.. new FileSystemEnumerable<T?>(folder, choose, Everything).OfType<T>()];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new VaultException(VaultFault.Denied, $"{folder}: {e.Message}", "Check who owns the vault's folder.", e);
        }
        catch (IOException e)
        {
            throw new VaultException(VaultFault.Unavailable, $"{folder}: {e.Message}", inner: e);
        }
    }
}
