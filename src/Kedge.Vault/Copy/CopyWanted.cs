using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Copy;

/// <summary>What to copy from one vault to another, and how.</summary>
public sealed record CopyWanted
{
    /// <summary>The snapshots; null for all.</summary>
    public IReadOnlyCollection<ObjectId>? Snapshots { get; init; }

    /// <summary>Of zstd, -5 to 19, for what has to be compressed anew because the vaults have different keys.</summary>
    public int CompressionLevel { get; init; } = BackupWanted.DefaultCompressionLevel;

    /// <summary>Say what would be copied, and copy nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Called from any thread for what could not be copied, as one line.</summary>
    public Action<string>? OnProblem { get; init; }

    public UpkeepProgress Progress { get; init; } = new();
}
