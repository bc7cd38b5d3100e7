using Kedge.Vault.Files;

namespace Kedge.Vault.Restore;

/// <summary>What a folder of the target has that the snapshot does not.</summary>
internal sealed class Surplus
{
    private readonly FolderListing listing = new();
    private readonly bool[] belongs;

    private Surplus(FolderHandle folder)
    {
        // A folder that cannot be listed loses nothing.
        _ = listing.Read(folder);
        belongs = new bool[listing.Count];
    }

    internal static Surplus Of(FolderHandle folder) => new(folder);

    /// <summary>The snapshot has an entry of this name.</summary>
    internal void Belongs(ReadOnlySpan<byte> name)
    {
        if (listing.Find(name) is >= 0 and var index)
        {
            belongs[index] = true;
        }
    }

    /// <summary>Removes the rest, as far as the filter wants it.</summary>
    internal void Remove(RestoreCrew crew, RestoreFolder folder, FolderHandle handle, byte[] pathInSnapshot)
    {
        for (var i = 0; i < belongs.Length; i++)
        {
            var entry = listing[i];
            if (belongs[i] || crew.Wanted.Filter?.Wants(PathBytes.Join(pathInSnapshot, entry.Name), entry.Kind == FileKind.Folder, out _) == false)
            {
                continue;
            }

            var error = crew.Wanted.DryRun ? Errno.None : TreeRemoval.Remove(handle, entry.Name, out _);
            if (error == Errno.None)
            {
                crew.Wanted.Progress.RemovedOne();
                crew.Act(RestoreAct.Removed, folder, entry.Name);
            }
            else
            {
                crew.Tell(folder.PathOf(entry.Name), $"cannot remove: {error.Words()}");
            }
        }
    }
}
