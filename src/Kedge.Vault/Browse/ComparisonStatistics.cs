namespace Kedge.Vault.Browse;

/// <summary>How much two snapshots differ.</summary>
/// <param name="ChangedFiles">Files with another content.</param>
/// <param name="MissingBlobs">Blobs that one of them needs and that are in no index: damage, to be reported. They are in no other number.</param>
public sealed record ComparisonStatistics(long ChangedFiles, ChangeTotals Added, ChangeTotals Removed, long MissingBlobs);
