using Kedge.Vault.Format;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Repair;

/// <summary>How to make the index anew.</summary>
public sealed record IndexRepairWanted
{
    /// <summary>Read the header of every pack; otherwise what the index says of packs that have the right length is believed.</summary>
    public bool ReadAllPacks { get; init; }

    /// <summary>Say what would change, and change nothing.</summary>
    public bool DryRun { get; init; }

    public UpkeepProgress Progress { get; init; } = new();
}

/// <summary>What became of the index.</summary>
public sealed record IndexRepairOutcome
{
    /// <summary>Index files that were damaged, and are gone.</summary>
    public required IReadOnlyList<ObjectId> UnreadableFiles { get; init; }

    /// <summary>Packs of which no index knew, or something wrong, and which are listed by their headers now.</summary>
    public required IReadOnlyList<ObjectId> Added { get; init; }

    /// <summary>Packs that the index listed, and that are gone: what they held is in no index any more.</summary>
    public required IReadOnlyList<ObjectId> Dropped { get; init; }

    /// <summary>Packs whose headers cannot be read, and why. They stay in the storage, and in the index as it had them.</summary>
    public required IReadOnlyList<UnreadablePack> Unreadable { get; init; }

    /// <summary>Packs that were marked for removal, and are listed as any other now.</summary>
    public required int Unmarked { get; init; }

    public required int FilesRemoved { get; init; }

    public required int FilesWritten { get; init; }

    /// <summary>Whether the index was right, and nothing was changed.</summary>
    public bool IsUnchanged => FilesRemoved == 0 && FilesWritten == 0;
}

/// <param name="WasIndexed">Whether the index lists it, so that its blobs can be read one by one ('repair packs').</param>
public sealed record UnreadablePack(ObjectId Id, string Why, bool WasIndexed);
