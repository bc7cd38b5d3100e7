namespace Kedge.Vault.Files;

/// <summary>
/// Removes a folder with all that is in it. Follows no symbolic link, leaves alone what is mounted in it, and takes few
/// descriptors and no stack at any depth.
/// </summary>
internal sealed class TreeRemoval : IDisposable
{
    private readonly FolderTrail trail;
    private readonly FolderListing listing = new();
    private readonly PathBuffer path = new([]);

    /// <summary>For each folder of the trail: its length in the path, and its folders that are still to go.</summary>
    private readonly Stack<(int PathLength, Stack<byte[]> Folders)> pending = new();

    private Errno firstError;
    private byte[] firstPath = [];

    private TreeRemoval(FolderHandle folder) => trail = new(folder);

    /// <summary>Removes what has this name, whatever it is. Goes on where something cannot be removed.</summary>
    /// <param name="where">The first that could not be removed, as a path that begins with <paramref name="name"/>.</param>
    internal static Errno Remove(FolderHandle folder, ReadOnlySpan<byte> name, out byte[] where)
    {
        var error = folder.Remove(name);
        if (error != Errno.IsAFolder)
        {
            where = error == Errno.None ? [] : name.ToArray();
            return error;
        }

        using var removal = new TreeRemoval(folder);
        removal.RemoveTree(name);
        where = removal.firstPath;
        return removal.firstError;
    }

    public void Dispose() => trail.Dispose();

    private void RemoveTree(ReadOnlySpan<byte> name)
    {
        RemoveOrEnter(name);
        while (trail.Depth > 0)
        {
            if (pending.Peek().Folders.TryPop(out var next))
            {
                RemoveOrEnter(next);
            }
            else
            {
                RemoveEmptied();
            }
        }
    }

    /// <summary>An empty folder goes by one call, which also refuses a mount point before anything in it is touched.</summary>
    private void RemoveOrEnter(ReadOnlySpan<byte> name)
    {
        var before = path.Append(name);
        var error = trail.Current.RemoveFolder(name);
        if (error == Errno.NotEmpty)
        {
            error = trail.Enter(name);
            if (error == Errno.None)
            {
                pending.Push((before, RemoveFiles()));
                return;
            }
        }

        Note(error);
        path.CutTo(before);
    }

    /// <returns>The folders, which are left.</returns>
    private Stack<byte[]> RemoveFiles()
    {
        Stack<byte[]> folders = new();
        Note(listing.Read(trail.Current));
        for (var index = 0; index < listing.Count; index++)
        {
            var entry = listing[index];
            var error = entry.Kind == FileKind.Folder ? Errno.IsAFolder : trail.Current.Remove(entry.Name);
            if (error == Errno.IsAFolder)
            {
                folders.Push(entry.Name.ToArray());
            }
            else if (error != Errno.None)
            {
                var before = path.Append(entry.Name);
                Note(error);
                path.CutTo(before);
            }
        }

        return folders;
    }

    private void RemoveEmptied()
    {
        var name = trail.Name.ToArray();
        var error = trail.Leave();
        if (error != Errno.None)
        {
            Note(error);
            while (pending.Count > trail.Depth)
            {
                path.CutTo(pending.Pop().PathLength);
            }

            return;
        }

        Note(trail.Current.RemoveFolder(name));
        path.CutTo(pending.Pop().PathLength);
    }

    private void Note(Errno error)
    {
        // What somebody else has removed is removed.
        if (firstError == Errno.None && error is not (Errno.None or Errno.NotFound))
        {
            (firstError, firstPath) = (error, path.Bytes.ToArray());
        }
    }
}
