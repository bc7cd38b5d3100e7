using System.IO.Enumeration;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backends.Local;

/// <summary>Lists what is in a vault's folders. A folder that is missing has nothing in it: copying tools leave out empty ones.</summary>
internal sealed class LocalListing(string root, CancellationToken cancellation)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    internal IEnumerable<StoredObject> Of(ObjectKind kind)
    {
        cancellation.ThrowIfCancellationRequested();
        if (kind == ObjectKind.Config)
        {
            return Found(ObjectName.Config) is { } config ? [config] : [];
        }

        var folder = Path.Join(root, ObjectName.FolderOf(kind));
        return kind == ObjectKind.Pack
            ? StorageLayout.PackFolders.SelectMany(f => In(Path.Join(folder, f), kind).Where(o => o.Name.Id.Bytes[0] == Convert.ToByte(f, 16)))
            : In(folder, kind);
    }

    private IEnumerable<StoredObject> In(string folder, ObjectKind kind)
    {
        foreach (var name in NamesIn(folder, kind))
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

    private static List<ObjectName> NamesIn(string folder, ObjectKind kind)
    {
        try
        {
            return [.. new FileSystemEnumerable<ObjectId?>(folder, Parse, Everything).OfType<ObjectId>().Select(id => new ObjectName(kind, id))];
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

    private static ObjectId? Parse(ref FileSystemEntry entry) => ObjectId.TryParse(entry.FileName, out var id) ? id : null;
}
