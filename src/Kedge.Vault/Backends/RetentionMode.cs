namespace Kedge.Vault.Backends;

/// <summary>How firmly a storage with object lock keeps an object until its time has come.</summary>
public enum RetentionMode
{
    /// <summary>Those with a special right may remove it earlier.</summary>
    Governance,

    /// <summary>Nobody may, not even the account's owner.</summary>
    Compliance,
}
