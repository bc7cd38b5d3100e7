namespace Kedge.Store.Sqlite;

/// <summary>
/// Space that is taken on the disk while there is plenty, to be given up when the disk is full: a recovery must be able
/// to write its journal on the day that a full disk is what went wrong. Used by one thread.
/// </summary>
/// <param name="path">The file that holds the space; it has no content.</param>
internal sealed class SpaceReserve(string path, long bytes)
{
    private readonly string folder = Path.GetDirectoryName(path)!;

    /// <summary>True while the space is there to be given up.</summary>
    public bool IsWhole => new FileInfo(path) is { Exists: true } file && file.Length >= bytes;

    /// <summary>Gives the space up. Returns how much that was: 0 where it was gone already.</summary>
    public long Release()
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return 0;
        }

        var size = file.Length;
        file.Delete();
        return size;
    }

    /// <summary>
    /// Takes the space where twice as much is free, so that it is not taken and given up by turns; does nothing otherwise,
    /// or where it is there.
    /// </summary>
    public void TakeIfThereIsRoom()
    {
        if (IsWhole || new DriveInfo(folder).AvailableFreeSpace < 2 * bytes)
        {
            return;
        }

        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        bool taken;
        using (var file = new FileStream(path, options))
        {
            taken = LinuxFiles.TryAllocate(file.SafeFileHandle, bytes, path);
        }

        if (taken)
        {
            LinuxFiles.GiveToOwnerOf(folder, path);
        }
        else
        {
            File.Delete(path);
        }
    }
}
