using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Repair;

/// <summary>Which packs to repair, and what with.</summary>
public sealed record PackRepairWanted
{
    /// <summary>The packs, as a check names them; null to read all packs and repair those that are damaged.</summary>
    public IReadOnlyCollection<ObjectId>? Packs { get; init; }

    /// <summary>A vault that may have good copies of what is lost, of any key; null for none. Everything that a snapshot needs and
    /// this vault lacks is looked for there.</summary>
    public VaultRepository? From { get; init; }

    /// <summary>Leave damaged packs in the storage. No index lists them afterwards.</summary>
    public bool KeepDamaged { get; init; }

    /// <summary>Of zstd, -5 to 19, for what comes from another vault.</summary>
    public int CompressionLevel { get; init; } = BackupWanted.DefaultCompressionLevel;

    /// <summary>Called for what is lost, as one line.</summary>
    public Action<string>? OnProblem { get; init; }

    public UpkeepProgress Progress { get; init; } = new();
}

/// <summary>What became of damaged packs.</summary>
public sealed record PackRepairOutcome
{
    /// <summary>Packs that are in no index any more; removed too, unless they were to be kept.</summary>
    public required IReadOnlyList<ObjectId> Packs { get; init; }

    /// <summary>Blobs that were good, and stand in new packs now.</summary>
    public required int Saved { get; init; }

    /// <summary>Damaged blobs of which another pack of this vault has a good copy.</summary>
    public required int HadCopies { get; init; }

    /// <summary>Blobs that were taken from the other vault.</summary>
    public required int Taken { get; init; }

    /// <summary>Blobs of which there is no good copy.</summary>
    public required IReadOnlyList<BlobName> Lost { get; init; }
}
