using Kedge.Vault.Format;

namespace Kedge.Vault.Check;

/// <summary>A snapshot that cannot be restored whole.</summary>
/// <param name="Files">What of it is hit, in the order in which it stands.</param>
/// <param name="IsCut">Whether there is more than is listed.</param>
public sealed record SnapshotHits(ObjectId Id, SnapshotFile Snapshot, IReadOnlyList<FileHit> Files, bool IsCut);

/// <summary>A file whose content is lost in whole or in part, or a folder whose list is.</summary>
/// <param name="Path">As bytes, with slashes, from the snapshot's root on.</param>
/// <param name="IsFolder">Then all that it held is out of reach.</param>
/// <param name="Lost">The first blob of it that is lost.</param>
/// <param name="LostBlobs">How many of its blobs are.</param>
public sealed record FileHit(byte[] Path, bool IsFolder, BlobName Lost, int LostBlobs)
{
    /// <summary>The path for people: bytes that are no text are shown as \xHH.</summary>
    public override string ToString() => Vault.Files.PathText.Of(Path);
}
