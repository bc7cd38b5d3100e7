namespace Kedge.Vault.Backends;

/// <summary>How firmly a storage with object lock keeps an object until its time has come.</summary>
public enum RetentionMode
{
    /// <summary>Those with a special right may remove it earlier.</summary>
    Governance,

    /// <summary>Nobody may, not even the account's owner.</summary>
    Compliance,
}

/// <summary>Until when what is stored may not be removed: S3's object lock, which the bucket must have.</summary>
/// <param name="Days">From the moment of storing; 1 to 36,500.</param>
public sealed record ObjectRetention(int Days, RetentionMode Mode);
