namespace Kedge.Vault.Packing;

/// <summary>
/// Which packs somebody relies on: whoever writes a snapshot after its lock may have been taken for dead looks whether
/// they are still there. A bit a pack; safe for many threads.
/// </summary>
internal sealed class RelianceMap(int packs)
{
    private readonly long[] bits = new long[(packs + 63) / 64];

    internal void Note(int pack)
    {
        ref var word = ref bits[pack / 64];
        var bit = 1L << (pack % 64);
        if ((Volatile.Read(ref word) & bit) == 0)
        {
            Interlocked.Or(ref word, bit);
        }
    }

    /// <summary>The numbers of all packs that were noted.</summary>
    internal IEnumerable<int> Packs()
    {
        for (var pack = 0; pack < bits.Length * 64; pack++)
        {
            if (((Volatile.Read(ref bits[pack / 64]) >> (pack % 64)) & 1) != 0)
            {
                yield return pack;
            }
        }
    }
}
