using System.Runtime.InteropServices;

namespace Kedge.Vault.Files;

/// <summary>The flags of open(2). Two of them have other numbers on Arm and POWER than elsewhere (the kernel's <c>uapi/asm/fcntl.h</c>).</summary>
internal static class OpenFlags
{
    internal const int ReadOnly = 0;
    internal const int ReadWrite = 2;
    internal const int Create = 0x40;
    internal const int Exclusive = 0x80;
    internal const int NonBlocking = 0x800;
    internal const int NoAccessTime = 0x4_0000;
    internal const int CloseOnExec = 0x8_0000;
    internal const int PathOnly = 0x20_0000;

    /// <summary>O_DIRECT.</summary>
    internal static readonly int Direct = IsArmOrPower ? 0x1_0000 : 0x4000;

    /// <summary>O_DIRECTORY.</summary>
    internal static readonly int Folder = IsArmOrPower ? 0x4000 : 0x1_0000;

    /// <summary>O_NOFOLLOW.</summary>
    internal static readonly int NoFollow = IsArmOrPower ? 0x8000 : 0x2_0000;

    private static bool IsArmOrPower =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Armv6 or Architecture.Ppc64le;
}
