namespace Kedge.Vault.Files;

/// <summary>What the file system knows of something, apart from its content, name and extended attributes (inode(7)).</summary>
internal readonly record struct FileStatus
{
    internal FileStatus(in NativeStatus status)
    {
        Kind = (FileKind)(status.Mode >> 12);
        Permissions = status.Mode & 0xfffu;
        UserId = status.UserId;
        GroupId = status.GroupId;
        Links = status.Links;
        Size = (long)status.Size;
        AllocatedBytes = (long)status.Blocks * 512;
        Inode = status.Inode;
        Device = DeviceNumber.Of(status.DeviceMajor, status.DeviceMinor);
        RepresentedDevice = DeviceNumber.Of(status.RepresentedMajor, status.RepresentedMinor);
        MountId = (status.Mask & NativeStatus.MountIdMask) == 0 ? 0 : status.MountId;
        AccessTime = status.AccessTime.ToFileTime();
        ModificationTime = status.ModificationTime.ToFileTime();
        ChangeTime = status.ChangeTime.ToFileTime();
    }

    internal FileKind Kind { get; init; }

    /// <summary>The lower twelve bits of the mode: rwx for owner, group and others, sticky, setgid, setuid.</summary>
    internal uint Permissions { get; init; }

    internal uint UserId { get; init; }

    internal uint GroupId { get; init; }

    /// <summary>How many names it has.</summary>
    internal uint Links { get; init; }

    /// <summary>In bytes; of a symbolic link the length of its target.</summary>
    internal long Size { get; init; }

    /// <summary>What it takes on the disk; less than <see cref="Size"/> where it has holes or is compressed.</summary>
    internal long AllocatedBytes { get; init; }

    internal ulong Inode { get; init; }

    /// <summary>The file system that it is on, as <c>st_dev</c> has it (see <see cref="DeviceNumber"/>).</summary>
    internal ulong Device { get; init; }

    /// <summary>Of a device file: the device that it stands for, as <c>st_rdev</c> has it.</summary>
    internal ulong RepresentedDevice { get; init; }

    /// <summary>Differs also between bind mounts of one file system; 0 where the kernel does not say it (before Linux 5.8).</summary>
    internal ulong MountId { get; init; }

    internal FileTime AccessTime { get; init; }

    /// <summary>When its content was last changed; anybody may set it.</summary>
    internal FileTime ModificationTime { get; init; }

    /// <summary>When anything of it was last changed, attributes and owner included; nobody can set it.</summary>
    internal FileTime ChangeTime { get; init; }

    /// <summary>Whether both are the same thing in the file system, whatever they are called and whatever changed in it.</summary>
    internal bool IsSameAs(in FileStatus other) => Inode == other.Inode && Device == other.Device && Kind == other.Kind;
}
