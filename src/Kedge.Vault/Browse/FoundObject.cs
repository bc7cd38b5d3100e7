using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Browse;

/// <summary>A blob that was looked for, at one of the places where a snapshot needs it.</summary>
/// <param name="Path">Of the file or folder.</param>
/// <param name="Parent">The tree in which that stands; null for the root.</param>
public sealed record FoundObject(BlobName Name, ReadOnlyMemory<byte> Path, ObjectId? Parent, StoredSnapshot Snapshot);
