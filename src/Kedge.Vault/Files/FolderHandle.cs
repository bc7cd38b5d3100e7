using System.Runtime.CompilerServices;

namespace Kedge.Vault.Files;

/// <summary>
/// An open folder, and what can be reached in it by a single name. No call here follows a symbolic link, but
/// <see cref="Open"/>; a way of many steps is a chain of handles, so it can have any length and cannot be turned elsewhere.
/// </summary>
/// <remarks>
/// Each handle takes one descriptor of the process until it is disposed; <see cref="Errno.TooManyOpenFiles"/> says that the
/// limit is reached. Who walks deep uses a <see cref="FolderTrail"/>, which holds few at any depth. Handles that an answer
/// other than <see cref="Errno.None"/> comes with are not open, and need not be disposed. A call that fails has
/// changed nothing.
/// </remarks>
internal sealed unsafe class FolderHandle : Descriptor
{
    /// <summary>What was not opened; closed from the start.</summary>
    internal static readonly FolderHandle None = new(-1);

    /// <summary>PATH_MAX less the zero byte.</summary>
    private const int LongestPath = 4095;

    private static readonly int Flags = OpenFlags.ReadOnly | OpenFlags.Folder | OpenFlags.NoAccessTime | OpenFlags.CloseOnExec;

    private FolderHandle(int number) : base(number)
    {
    }

    /// <summary>Whether its entries have been read through this handle, which then stands at their end.</summary>
    internal bool WasListed { get; set; }

    /// <summary>
    /// Opens a folder where a person says it is: absolute or from the process's working folder, of any length, with
    /// symbolic links followed as everywhere.
    /// </summary>
    /// <param name="path">Without a zero byte; empty is the working folder.</param>
    internal static Errno Open(ReadOnlySpan<byte> path, out FolderHandle folder)
    {
        folder = None;
        if (path.Contains((byte)0))
        {
            return Errno.InvalidName;
        }

        FolderHandle? from = null;
        try
        {
            var left = path.IsEmpty ? "."u8 : path;
            while (left.Length > LongestPath)
            {
                // The system resolves no longer path in one go, so the way is cut at a slash.
                var cut = left[..LongestPath].LastIndexOf(PathBytes.Separator);
                if (cut < 0)
                {
                    return Errno.NameTooLong;
                }

                var error = OpenStretch(from, left[..(cut + 1)], OpenFlags.PathOnly | OpenFlags.Folder | OpenFlags.CloseOnExec, out var next);
                from?.Dispose();
                from = next;
                if (error != Errno.None)
                {
                    return error;
                }

                left = left[(cut + 1)..].TrimStart(PathBytes.Separator);
            }

            return OpenStretch(from, left.IsEmpty ? "."u8 : left, Flags, out folder);
        }
        finally
        {
            from?.Dispose();
        }
    }

    /// <summary>Opens the folder of this name in this one. <see cref="Errno.NotAFolder"/> for anything else, a symbolic link included.</summary>
    internal Errno OpenFolder(ReadOnlySpan<byte> name, out FolderHandle folder)
    {
        var error = OpenEntry(name, Flags | OpenFlags.NoFollow, 0, out var number);
        folder = error == Errno.None ? new(number) : None;
        return error;
    }

    /// <summary>The same for several names with slashes in between, each step without following; empty names are passed over.</summary>
    internal Errno OpenBelow(ReadOnlySpan<byte> path, out FolderHandle folder)
    {
        folder = None;
        var from = this;
        foreach (var range in path.Split(PathBytes.Separator))
        {
            if (path[range].IsEmpty)
            {
                continue;
            }

            var error = from.OpenFolder(path[range], out folder);
            if (from != this)
            {
                from.Dispose();
            }

            if (error != Errno.None)
            {
                return error;
            }

            from = folder;
        }

        return from == this ? Errno.InvalidName : Errno.None;
    }

    /// <summary>
    /// Opens the folder that this one is in by now (<c>..</c>), which need not be the one that it was opened from: who goes
    /// up compares the status of both.
    /// </summary>
    internal Errno OpenAbove(out FolderHandle folder) => OpenStretch(this, ".."u8, Flags | OpenFlags.NoFollow, out folder);

    /// <summary>Opens this same folder once more.</summary>
    internal Errno OpenAgain(out FolderHandle folder) => OpenStretch(this, "."u8, Flags, out folder);

    /// <summary>Holds on to an entry of any kind, and says what it is.</summary>
    internal Errno HoldEntry(ReadOnlySpan<byte> name, out EntryHandle entry, out FileStatus status)
    {
        status = default;
        var error = OpenEntry(name, OpenFlags.PathOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0, out var number);
        entry = error == Errno.None ? new(number) : EntryHandle.None;
        if (error == Errno.None)
        {
            error = entry.Status(out status);
        }

        if (error != Errno.None)
        {
            entry.Dispose();
        }

        return error;
    }

    /// <summary>How the entry of this name stands; of a symbolic link, the link itself.</summary>
    [SkipLocalsInit]
    internal Errno StatusOf(ReadOnlySpan<byte> name, out FileStatus status)
    {
        status = default;
        var terminated = stackalloc byte[EntryName.BufferSize];
        var error = EntryName.Terminate(name, new(terminated, EntryName.BufferSize));
        return error != Errno.None ? error : LookAt(this, terminated, LibC.NoFollowAt | LibC.NoAutomountAt, out status);
    }

    /// <summary>Where a symbolic link leads, as it was written. <see cref="Errno.InvalidArgument"/> for anything else.</summary>
    [SkipLocalsInit]
    internal Errno ReadLink(ReadOnlySpan<byte> name, out byte[] target)
    {
        target = [];
        var terminated = stackalloc byte[EntryName.BufferSize];
        var error = EntryName.Terminate(name, new(terminated, EntryName.BufferSize));
        if (error != Errno.None)
        {
            return error;
        }

        // A link that fills the buffer may be longer. None is on the file systems of today, where PATH_MAX is the limit.
        var onStack = stackalloc byte[LongestPath + 1];
        var length = LibC.readlinkat(this, terminated, onStack, LongestPath + 1);
        if (length <= LongestPath)
        {
            target = length > 0 ? new ReadOnlySpan<byte>(onStack, (int)length).ToArray() : [];
            return LibC.Outcome(length);
        }

        for (var size = 64 * 1024; size <= Array.MaxLength / 2; size *= 2)
        {
            var larger = new byte[size];
            fixed (byte* buffer = larger)
            {
                length = LibC.readlinkat(this, terminated, buffer, (nuint)size);
            }

            if (length < size)
            {
                target = length > 0 ? larger[..(int)length] : [];
                return LibC.Outcome(length);
            }
        }

        return Errno.Overflow;
    }

    /// <param name="flags">See <see cref="OpenFlags"/>; with <see cref="OpenFlags.NoFollow"/>, as everything here.</param>
    [SkipLocalsInit]
    internal Errno OpenEntry(ReadOnlySpan<byte> name, int flags, uint mode, out int number)
    {
        number = -1;
        var terminated = stackalloc byte[EntryName.BufferSize];
        var error = EntryName.Terminate(name, new(terminated, EntryName.BufferSize));
        return error != Errno.None ? error : OpenPath(this, terminated, flags, mode, out number);
    }

    [SkipLocalsInit]
    private static Errno OpenStretch(FolderHandle? from, ReadOnlySpan<byte> path, int flags, out FolderHandle folder)
    {
        var terminated = stackalloc byte[LongestPath + 1];
        path.CopyTo(new(terminated, LongestPath));
        terminated[path.Length] = 0;
        var error = OpenPath(from, terminated, flags, 0, out var number);
        folder = error == Errno.None ? new(number) : None;
        return error;
    }

    /// <param name="from">Null for the process's working folder.</param>
    /// <param name="path">Ends with a zero byte.</param>
    internal static Errno OpenPath(FolderHandle? from, byte* path, int flags, uint mode, out int number)
    {
        while (true)
        {
            number = from is null ? LibC.openat(LibC.WorkingFolder, path, flags, mode) : LibC.openat(from, path, flags, mode);
            var error = LibC.Outcome(number);
            if (error == Errno.NotPermitted && (flags & OpenFlags.NoAccessTime) != 0)
            {
                // Somebody else's: it can perhaps be read, but not without a trace.
                flags &= ~OpenFlags.NoAccessTime;
            }
            else if (error != Errno.Interrupted)
            {
                return error;
            }
        }
    }
}
