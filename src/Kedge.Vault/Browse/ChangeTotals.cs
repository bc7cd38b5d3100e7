namespace Kedge.Vault.Browse;

/// <summary>What was added, or removed.</summary>
/// <param name="DataBlobs">That only one of the two snapshots needs.</param>
/// <param name="Bytes">Of those blobs and trees, before compression.</param>
public readonly record struct ChangeTotals(long Files, long Folders, long Others, long DataBlobs, long TreeBlobs, long Bytes);
