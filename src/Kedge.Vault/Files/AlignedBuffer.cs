namespace Kedge.Vault.Files;

/// <summary>
/// Memory that stays in its place, and begins where a disk can read and write directly (O_DIRECT, open(2)): in huge pages
/// where the system has some to give, so that a transfer is one piece instead of hundreds.
/// </summary>
internal static unsafe class AlignedBuffer
{
    /// <summary>Offsets, lengths and addresses have to be multiples of it; no disk has larger blocks.</summary>
    internal const int Alignment = 4096;

    private const int HugePage = 2 << 20;

    internal static Memory<byte> Make(int length)
    {
        var alignment = length >= HugePage ? HugePage : Alignment;
        var bytes = GC.AllocateUninitializedArray<byte>(length + alignment, pinned: true);
        fixed (byte* start = bytes)
        {
            var before = alignment - (int)((nuint)start % (uint)alignment);
            if (alignment == HugePage)
            {
                // A wish (madvise(2)); small pages do as well.
                const int wantHugePages = 14;
                _ = LibC.madvise(start + before, (nuint)length, wantHugePages);
            }

            return bytes.AsMemory(before, length);
        }
    }
}
