namespace Kedge.Vault.Files;

/// <summary>A device's number as Linux programs see it: major and minor part in the encoding of makedev(3).</summary>
internal static class DeviceNumber
{
    internal static ulong Of(uint major, uint minor) =>
        (minor & 0xffUL) | ((major & 0xfffUL) << 8) | ((minor & 0xffff_ff00UL) << 12) | ((major & 0xffff_f000UL) << 32);
}
