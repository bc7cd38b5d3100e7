namespace Kedge.Vault.Tests.Servers;

/// <summary>Credentials of a user of the gateway.</summary>
internal sealed record GatewayUser(string Name, string AccessKey, string SecretKey)
{
    /// <summary>As the environment gives them to restic and to the vault.</summary>
    internal IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>
    {
        ["AWS_ACCESS_KEY_ID"] = AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = SecretKey,
    };

    internal string? Variable(string name) => Variables.GetValueOrDefault(name);
}
