using Kedge.Vault.Locking;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>What to check, and how thoroughly.</summary>
public sealed record CheckWanted
{
    /// <summary>Which packs to read byte for byte; <see cref="DataShare.None"/> to look at the structure alone.</summary>
    public DataShare ReadData { get; init; } = DataShare.None;

    /// <summary>Whether to hold the header of every pack against the index, which reads a little of each. What is read whole is
    /// held against it anyway.</summary>
    public bool WithHeaders { get; init; }

    /// <summary>Who asks, to tell locks of processes of this machine that have ended; null to judge locks by their age alone.</summary>
    public LockHolder? Self { get; init; }

    /// <summary>No more findings than this are kept in the outcome; <see cref="OnFinding"/> is told of all.</summary>
    public int MaximumFindings { get; init; } = 10_000;

    /// <summary>No more files than this are listed of each snapshot that is hit.</summary>
    public int MaximumHits { get; init; } = 100;

    /// <summary>Called for each finding, by one thread at a time.</summary>
    public Action<CheckFinding>? OnFinding { get; init; }

    public UpkeepProgress Progress { get; init; } = new();
}
