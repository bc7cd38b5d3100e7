using System.Runtime.CompilerServices;

namespace Kedge.Vault.Files;

/// <summary>Opens and creates regular files in a folder, by single names; symbolic links are not followed.</summary>
internal static unsafe class FolderFiles
{
    /// <summary>
    /// Opens a regular file to read, and says how it stands. Does not wait for anybody and leaves the access time alone
    /// where the system allows it (to owner and root).
    /// </summary>
    /// <returns><see cref="Errno.IsALink"/> for a symbolic link, <see cref="Errno.IsAFolder"/>, <see cref="Errno.NotAFile"/>
    /// for what is something else by now.</returns>
    internal static Errno OpenFile(this FolderHandle folder, ReadOnlySpan<byte> name, out FileHandle file, out FileStatus status) =>
        OpenFile(folder, name, OpenFlags.ReadOnly | OpenFlags.NoAccessTime, out file, out status);

    /// <summary>
    /// Opens a regular file that exists to read and write it in place. Writing changes it under all its names: where
    /// <see cref="FileStatus.Links"/> is more than one and the others are not known, remove the name and create a new file.
    /// </summary>
    internal static Errno OpenFileToWrite(this FolderHandle folder, ReadOnlySpan<byte> name, out FileHandle file, out FileStatus status) =>
        OpenFile(folder, name, OpenFlags.ReadWrite, out file, out status);

    /// <summary>Creates a file to write and read, which nobody but its owner can open yet. <see cref="Errno.Exists"/> where anything has this name.</summary>
    internal static Errno CreateFile(this FolderHandle folder, ReadOnlySpan<byte> name, out FileHandle file)
    {
        const int flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.CloseOnExec;
        var error = folder.OpenEntry(name, flags | OpenFlags.NoFollow, 0x180, out var number);
        file = error == Errno.None ? new(number) : FileHandle.None;
        return error;
    }

    private static Errno OpenFile(FolderHandle folder, ReadOnlySpan<byte> name, int flags, out FileHandle file, out FileStatus status)
    {
        status = default;
        var error = folder.OpenEntry(name, flags | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.CloseOnExec, 0, out var number);
        if (error == Errno.TryAgain)
        {
            error = OpenLeased(folder, name, flags | OpenFlags.CloseOnExec, out number);
        }

        file = error == Errno.None ? new(number) : FileHandle.None;
        if (error != Errno.None)
        {
            return error == Errno.NoSuchDevice ? Errno.NotAFile : error;
        }

        error = file.Status(out status);
        if (error == Errno.None)
        {
            error = MustBeFile(status.Kind);
        }

        if (error != Errno.None)
        {
            file.Dispose();
        }

        return error;
    }

    /// <summary>Waits for whoever holds a lease on a file (a server of SMB or NFS, fcntl(2)) to give it back. Only a file is waited for.</summary>
    [SkipLocalsInit]
    private static Errno OpenLeased(FolderHandle folder, ReadOnlySpan<byte> name, int flags, out int number)
    {
        number = -1;
        var error = folder.HoldEntry(name, out var entry, out var status);
        using (entry)
        {
            error = error == Errno.None ? MustBeFile(status.Kind) : error;
            if (error != Errno.None)
            {
                return error;
            }

            using var hold = new DescriptorHold(entry);
            var path = stackalloc byte[DescriptorPath.BufferSize];
            DescriptorPath.Write(hold.Number, new(path, DescriptorPath.BufferSize));
            return FolderHandle.OpenPath(null, path, flags, 0, out number);
        }
    }

    private static Errno MustBeFile(FileKind kind) => kind switch
    {
        FileKind.File => Errno.None,
        FileKind.Folder => Errno.IsAFolder,
        FileKind.Link => Errno.IsALink,
        _ => Errno.NotAFile,
    };
}
