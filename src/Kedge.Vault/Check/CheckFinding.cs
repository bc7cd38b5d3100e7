using Kedge.Vault.Format;

namespace Kedge.Vault.Check;

/// <summary>One thing that a check found.</summary>
public sealed record CheckFinding
{
    public required FindingKind Kind { get; init; }

    /// <summary>Whether something is wrong with what backups rely on; false for what is merely untidy.</summary>
    public required bool IsDamage { get; init; }

    /// <summary>The object in the storage that it is about; of a blob the pack in which it stands. Null where there is none.</summary>
    public ObjectName? Object { get; init; }

    public BlobName? Blob { get; init; }

    /// <summary>One line for a person, which names the object.</summary>
    public required string What { get; init; }

    /// <summary>What to do about it; null where nothing need be done, or nothing before the index is complete
    /// (<see cref="FindingKind.IndexIncomplete"/>).</summary>
    public string? Remedy { get; init; }

    /// <summary>Of a damaged blob: whether another pack of this vault has a good copy of it, so that nothing is lost.</summary>
    public bool HasGoodCopy { get; init; }
}
