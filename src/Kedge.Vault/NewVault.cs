using Kedge.Vault.Crypto;
using Kedge.Vault.Format;

namespace Kedge.Vault;

/// <summary>What a new vault shall be.</summary>
public sealed record NewVault
{
    /// <summary>With which its first key opens.</summary>
    public required ReadOnlyMemory<char> Password { get; init; }

    /// <summary>Who makes it, as its first key says.</summary>
    public required KeyOwner Owner { get; init; }

    /// <summary>2 (compressed), or 1 for clients older than restic 0.14.</summary>
    public int Version { get; init; } = 2;

    public ScryptCost Cost { get; init; } = ScryptCost.Default;

    /// <summary>A vault whose master key this one shall share: copies between the two need no new encryption, and files are cut alike.</summary>
    public VaultRepository? SameKeyAs { get; init; }

    internal VaultConfig ToConfig() => SameKeyAs is null
        ? VaultConfig.Create(Version)
        : VaultConfig.Create(Version) with { Polynomial = SameKeyAs.Config.Polynomial };
}
