namespace Kedge.Vault.Prune;

/// <summary>How much of a pack is needed.</summary>
internal struct PackUse
{
    internal int UsedBlobs;
    internal int UnusedBlobs;
    internal long UsedBytes;
    internal long UnusedBytes;
    internal bool HasTrees;
    internal bool HasData;

    internal readonly bool IsMixed => HasTrees && HasData;

    internal readonly long Bytes => UsedBytes + UnusedBytes;

    internal readonly double UnusedShare => Bytes == 0 ? 0 : (double)UnusedBytes / Bytes;

    internal readonly PruneTally Used => new(0, UsedBlobs, UsedBytes);

    internal readonly PruneTally Unused => new(0, UnusedBlobs, UnusedBytes);
}
