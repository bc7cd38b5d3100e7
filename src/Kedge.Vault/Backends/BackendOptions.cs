namespace Kedge.Vault.Backends;

/// <summary>How a vault's storage is talked to. What is not given has a default that suits.</summary>
public sealed record BackendOptions
{
    /// <summary>A PEM file with the certificates of the authorities that are trusted instead of the system's.</summary>
    public string? CaCertificateFile { get; init; }

    /// <summary>Operations at the same time, 1 to 64; by default what suits the kind of storage.</summary>
    public int? Connections { get; init; }

    /// <summary>KiB a second; unlimited by default.</summary>
    public int? UploadLimit { get; init; }

    /// <summary>KiB a second; unlimited by default.</summary>
    public int? DownloadLimit { get; init; }

    /// <summary>How long a failing operation is tried again, from its first failure on. Zero: never.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A connection on which nothing moves for so long is given up.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Object lock for everything but locks; only for S3.</summary>
    public ObjectRetention? Retention { get; init; }

    /// <summary>Told before each wait for another attempt. May be called by several threads at the same time.</summary>
    public Action<BackendRetry>? OnRetry { get; init; }

    /// <summary>Where credentials are looked up, by the name of the environment's variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>: a value is out of its range.</exception>
    internal void Check()
    {
        Demand(Connections is null or (>= 1 and <= 64), "the number of connections must be between 1 and 64");
        Demand(UploadLimit is null or > 0, "the limit for uploads must be at least 1 KiB a second");
        Demand(DownloadLimit is null or > 0, "the limit for downloads must be at least 1 KiB a second");
        Demand(RetryFor >= TimeSpan.Zero && RetryFor <= TimeSpan.FromDays(7), "the time for retries must be between 0 and 7 days");
        Demand(StallLimit > TimeSpan.Zero && StallLimit <= TimeSpan.FromDays(1), "the limit for stalled connections must be between 0 and 1 day");
        Demand(Retention is null or { Days: >= 1 and <= 36_500 }, "the retention must be between 1 and 36500 days");
    }

    private static void Demand(bool condition, string message)
    {
        if (!condition)
        {
            throw new VaultException(VaultFault.Misuse, message);
        }
    }
}
