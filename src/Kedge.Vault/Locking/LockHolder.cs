using Kedge.Vault.Format;

namespace Kedge.Vault.Locking;

/// <summary>Who takes a lock.</summary>
public sealed record LockHolder(string Hostname, string Username, int ProcessId, uint UserId, uint GroupId)
{
    /// <summary>What only one holder at a time may do in a vault, though others may do other things: a word, or empty.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>Whether a lock is this very process's, or another's on this machine that has ended.</summary>
    internal bool IsDead(LockFile other) =>
        other.Hostname == Hostname && other.ProcessId != ProcessId && !Directory.Exists($"/proc/{other.ProcessId}");

    internal LockFile ToLock(bool exclusive, DateTimeOffset began, DateTimeOffset now) => new()
    {
        Time = GoTime.From(now),
        Exclusive = exclusive,
        Hostname = Hostname,
        Username = Username,
        ProcessId = ProcessId,
        UserId = UserId,
        GroupId = GroupId,
        Began = GoTime.From(began),
        Purpose = Purpose,
    };
}
