using Kedge.Vault.Format;

namespace Kedge.Vault.Backends;

/// <summary>
/// restic's default layout (doc/design.rst "Repository Layout"), which a folder and a bucket share: <c>config</c>,
/// <c>keys/…</c>, <c>snapshots/…</c>, and packs in 256 folders by the first two digits of their names.
/// </summary>
internal static class StorageLayout
{
    internal static readonly ObjectKind[] KindsWithFolder =
        [ObjectKind.Key, ObjectKind.Lock, ObjectKind.Snapshot, ObjectKind.Index, ObjectKind.Pack];

    /// <summary>The 256 folders of packs, without the folder that they are in.</summary>
    internal static IEnumerable<string> PackFolders => Enumerable.Range(0, 256).Select(i => i.ToString("x2"));

    /// <summary>The folder that holds the object, without slashes around it; empty for the config.</summary>
    internal static string FolderOf(ObjectName name) => name.Kind switch
    {
        ObjectKind.Config => "",
        ObjectKind.Pack => $"{ObjectName.FolderOf(ObjectKind.Pack)}/{Convert.ToHexStringLower(name.Id.Bytes[..1])}",
        _ => ObjectName.FolderOf(name.Kind),
    };

    internal static string FileOf(ObjectName name) => name.Kind == ObjectKind.Config ? "config" : name.Id.ToString();

    internal static string PathOf(ObjectName name) =>
        name.Kind == ObjectKind.Config ? "config" : $"{FolderOf(name)}/{FileOf(name)}";
}
