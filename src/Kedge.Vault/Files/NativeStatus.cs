using System.Runtime.InteropServices;

namespace Kedge.Vault.Files;

/// <summary><c>struct statx</c> of Linux (statx(2)): the only status whose layout is the same on every processor.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct NativeStatus
{
    /// <summary>STATX_BASIC_STATS and STATX_MNT_ID.</summary>
    internal const uint WantedMask = 0x7ff | MountIdMask;

    internal const uint MountIdMask = 0x1000;

    [FieldOffset(0)]
    internal uint Mask;

    [FieldOffset(16)]
    internal uint Links;

    [FieldOffset(20)]
    internal uint UserId;

    [FieldOffset(24)]
    internal uint GroupId;

    [FieldOffset(28)]
    internal ushort Mode;

    [FieldOffset(32)]
    internal ulong Inode;

    [FieldOffset(40)]
    internal ulong Size;

    [FieldOffset(48)]
    internal ulong Blocks;

    [FieldOffset(64)]
    internal Timestamp AccessTime;

    [FieldOffset(96)]
    internal Timestamp ChangeTime;

    [FieldOffset(112)]
    internal Timestamp ModificationTime;

    [FieldOffset(128)]
    internal uint RepresentedMajor;

    [FieldOffset(132)]
    internal uint RepresentedMinor;

    [FieldOffset(136)]
    internal uint DeviceMajor;

    [FieldOffset(140)]
    internal uint DeviceMinor;

    [FieldOffset(144)]
    internal ulong MountId;

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    internal struct Timestamp
    {
        [FieldOffset(0)]
        internal long Seconds;

        [FieldOffset(8)]
        internal uint Nanoseconds;

        internal readonly FileTime ToFileTime() => new(Seconds, (int)Nanoseconds);
    }
}
