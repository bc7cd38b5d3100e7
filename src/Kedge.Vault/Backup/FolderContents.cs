using Kedge.Vault.Files;

namespace Kedge.Vault.Backup;

/// <summary>Lists an open folder, holds it against its old tree, and puts what is in it on the stack.</summary>
internal static class FolderContents
{
    /// <summary>So many files go to one thread at a time: they mostly lie beside one another on the disk, and in a pack.</summary>
    private const int BatchSize = 16;

    /// <param name="places">Where not all of the folder is wanted: the names, and what is wanted below each.</param>
    internal static void Begin(FolderUnit folder, IReadOnlyList<TargetPlace>? places, BackupCrew crew, BackupHand hand)
    {
        var names = new FolderListing();
        var error = names.Read(folder.Handle);
        if (error != Errno.None)
        {
            crew.Tell(folder.Path(), $"cannot list the folder: {error.Words()}", isLost: true);
        }

        var entries = ChosenEntries.Of(names, folder, crew.Wanted, places?.Select(p => p.Name).ToList());
        foreach (var place in places?.Where(p => names.Find(p.Name) < 0) ?? [])
        {
            crew.Tell(folder.PathOf(place.Name), "is no longer there", isLost: true);
        }

        var old = folder.OldTree is { } id ? hand.OldTree(id) : OldTree.None;
        var works = new List<BackupWork>();
        var batch = new List<int>(BatchSize);
        // Folders last: their files come after these, as a reader of the snapshot asks for them.
        var folders = new List<BackupWork>();
        folder.Expect(entries.Count, crew, hand);
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries.KindOf(i) == FileKind.Folder || PlaceOf(entries.NameOf(i), places) is { IsTarget: false })
            {
                var name = entries.NameOf(i).ToArray();
                folders.Add(new FolderWork(folder, i, name, PlaceOf(name, places), old.SubtreeOf(name)));
                continue;
            }

            batch.Add(i);
            if (batch.Count == BatchSize)
            {
                works.Add(new BatchWork(folder, entries, [.. batch], old));
                batch.Clear();
            }
        }

        if (batch.Count > 0)
        {
            works.Add(new BatchWork(folder, entries, [.. batch], old));
        }

        works.AddRange(folders);
        crew.Work.Push(works);
    }

    private static TargetPlace? PlaceOf(ReadOnlySpan<byte> name, IReadOnlyList<TargetPlace>? places)
    {
        foreach (var place in places ?? [])
        {
            if (place.Name.AsSpan().SequenceEqual(name))
            {
                return place;
            }
        }

        return null;
    }
}
