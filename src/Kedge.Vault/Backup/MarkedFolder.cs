using Kedge.Vault.Files;

namespace Kedge.Vault.Backup;

/// <summary>Finds folders that are marked as not worth a backup.</summary>
internal static class MarkedFolder
{
    /// <returns>The name of the marker, which alone is backed up; null where there is none.</returns>
    internal static IReadOnlyCollection<byte[]>? MarkerIn(FolderListing listing, FolderHandle folder, IReadOnlyList<FolderMarker> markers)
    {
        foreach (var marker in markers)
        {
            if (listing.Find(marker.Name) >= 0 && (marker.Beginning.Length == 0 || BeginsAsItMust(folder, marker)))
            {
                return [marker.Name];
            }
        }

        return null;
    }

    private static bool BeginsAsItMust(FolderHandle folder, FolderMarker marker)
    {
        var error = folder.OpenFile(marker.Name, out var file, out _);
        using (file)
        {
            var beginning = new byte[marker.Beginning.Length];
            return error == Errno.None && file.ReadOnce(beginning, 0, out var read) == Errno.None && read == beginning.Length
                && beginning.AsSpan().SequenceEqual(marker.Beginning);
        }
    }
}
