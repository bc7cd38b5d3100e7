namespace Kedge.Vault.Forget;

/// <summary>How many more snapshots of each kind may be kept, after one was: negative for any number.</summary>
public readonly record struct KeepCounters(int Last, int Hourly, int Daily, int Weekly, int Monthly, int Yearly);
