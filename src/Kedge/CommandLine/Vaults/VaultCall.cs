using Kedge.Vault;
using Kedge.Vault.Backends;
using Kedge.Vault.Locking;

namespace Kedge.CommandLine.Vaults;

/// <summary>One command about a vault, as it was given.</summary>
internal sealed class VaultCall(Invocation call, VaultOptions options)
{
    public Invocation Call { get; } = call;

    public VaultOptions Options { get; } = options;

    public LockHolder Holder { get; } = MakeHolder();

    public VaultLocation Location()
    {
        var text = Call.Get(Options.Repo) ?? NotEmpty("KEDGE_VAULT_REPO") ?? NotEmpty("RESTIC_REPOSITORY")
            ?? throw VerbException.Usage("no vault is named", "--repo LOCATION, or the variable KEDGE_VAULT_REPO");
        return VaultLocation.Parse(text);
    }

    public IBackend OpenStorage() => Location().Open(new() { Environment = Call.Host.Environment }, Call.Host.Time);

    public char[] Password() => VaultPassword.Read(Call, Call.Get(Options.PasswordFile));

    public async Task<VaultRepository> OpenAsync(CancellationToken cancellation)
    {
        var password = Password();
        try
        {
            return await VaultRepository.OpenAsync(OpenStorage(), password, Call.Host.Time, cancellation);
        }
        finally
        {
            Array.Clear(password);
        }
    }

    private static LockHolder MakeHolder()
    {
        var (user, group) = ProcessOwner.Read();
        return new(Environment.MachineName, Environment.UserName, Environment.ProcessId, user, group);
    }

    private string? NotEmpty(string name) => Call.Host.Environment(name) is { Length: > 0 } text ? text : null;
}
