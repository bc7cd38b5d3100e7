using System.Runtime.CompilerServices;

namespace Kedge.Vault.Files;

/// <summary>
/// What is made, renamed and removed in a folder, by single names. Nothing here follows a symbolic link or overwrites
/// anything, but <see cref="Rename"/>. New entries can be used by nobody but their owner until they get their permissions.
/// </summary>
internal static unsafe class FolderChanges
{
    private const uint OwnerOnly = 0x180;
    private const uint OwnerOnlyFolder = 0x1c0;

    /// <summary>Makes an empty folder.</summary>
    [SkipLocalsInit]
    internal static Errno MakeFolder(this FolderHandle folder, ReadOnlySpan<byte> name)
    {
        var terminated = stackalloc byte[EntryName.BufferSize];
        var error = EntryName.Terminate(name, new(terminated, EntryName.BufferSize));
        return error != Errno.None ? error : LibC.Outcome(LibC.mkdirat(folder, terminated, OwnerOnlyFolder));
    }

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="target">Written down as it is: at least one byte, none of them zero.</param>
    [SkipLocalsInit]
    internal static Errno MakeLink(this FolderHandle folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        if (target.Contains((byte)0))
        {
            return Errno.InvalidArgument;
        }

        var terminated = stackalloc byte[EntryName.BufferSize];
        var error = EntryName.Terminate(name, new(terminated, EntryName.BufferSize));
        if (error != Errno.None)
        {
            return error;
        }

        var whole = target.Length < 1024 ? stackalloc byte[target.Length + 1] : new byte[target.Length + 1];
        target.CopyTo(whole);
        whole[^1] = 0;
        fixed (byte* start = whole)
        {
            return LibC.Outcome(LibC.symlinkat(start, folder, terminated));
        }
    }

    /// <summary>Makes a pipe, a socket's name, or a device file (root only).</summary>
    /// <param name="device">As <see cref="FileStatus.RepresentedDevice"/>; of no meaning for pipes and sockets.</param>
    /// <returns><see cref="Errno.InvalidArgument"/> for other kinds.</returns>
    [SkipLocalsInit]
    internal static Errno MakeSpecial(this FolderHandle folder, ReadOnlySpan<byte> name, FileKind kind, ulong device)
    {
        if (kind is not (FileKind.Pipe or FileKind.Socket or FileKind.CharacterDevice or FileKind.BlockDevice))
        {
            return Errno.InvalidArgument;
        }

        var terminated = stackalloc byte[EntryName.BufferSize];
        var error = EntryName.Terminate(name, new(terminated, EntryName.BufferSize));
        return error != Errno.None ? error : LibC.Outcome(LibC.mknodat(folder, terminated, ((uint)kind << 12) | OwnerOnly, device));
    }

    /// <summary>Gives what is called <paramref name="name"/> here another name; of a symbolic link, the link itself.</summary>
    [SkipLocalsInit]
    internal static Errno MakeHardLink(this FolderHandle folder, ReadOnlySpan<byte> name, FolderHandle otherFolder, ReadOnlySpan<byte> otherName)
    {
        var from = stackalloc byte[EntryName.BufferSize];
        var to = stackalloc byte[EntryName.BufferSize];
        var error = Terminate(name, from, otherName, to);
        return error != Errno.None ? error : LibC.Outcome(LibC.linkat(folder, from, otherFolder, to, 0));
    }

    /// <summary>Moves an entry within its file system, in one step. What had the other name is gone after it, a folder only if it was empty.</summary>
    [SkipLocalsInit]
    internal static Errno Rename(this FolderHandle folder, ReadOnlySpan<byte> name, FolderHandle otherFolder, ReadOnlySpan<byte> otherName)
    {
        var from = stackalloc byte[EntryName.BufferSize];
        var to = stackalloc byte[EntryName.BufferSize];
        var error = Terminate(name, from, otherName, to);
        return error != Errno.None ? error : LibC.Outcome(LibC.renameat(folder, from, otherFolder, to));
    }

    /// <summary>Removes an entry of any kind but a folder (<see cref="Errno.IsAFolder"/>).</summary>
    internal static Errno Remove(this FolderHandle folder, ReadOnlySpan<byte> name) => Unlink(folder, name, 0);

    /// <summary>Removes an empty folder. <see cref="Errno.Busy"/> where another file system is mounted on it.</summary>
    internal static Errno RemoveFolder(this FolderHandle folder, ReadOnlySpan<byte> name)
    {
        var error = Unlink(folder, name, LibC.RemoveFolderAt);
        return error == Errno.Exists ? Errno.NotEmpty : error;
    }

    [SkipLocalsInit]
    private static Errno Unlink(FolderHandle folder, ReadOnlySpan<byte> name, int flags)
    {
        var terminated = stackalloc byte[EntryName.BufferSize];
        var error = EntryName.Terminate(name, new(terminated, EntryName.BufferSize));
        return error != Errno.None ? error : LibC.Outcome(LibC.unlinkat(folder, terminated, flags));
    }

    private static Errno Terminate(ReadOnlySpan<byte> name, byte* to, ReadOnlySpan<byte> otherName, byte* otherTo)
    {
        var error = EntryName.Terminate(name, new(to, EntryName.BufferSize));
        return error != Errno.None ? error : EntryName.Terminate(otherName, new(otherTo, EntryName.BufferSize));
    }
}
