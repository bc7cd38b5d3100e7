using System.CommandLine;
using Kedge.Vault;

namespace Kedge.CommandLine.Vaults.Opening;

/// <summary>Options that name another vault beside the one of <c>--repo</c>.</summary>
/// <param name="word">Before <c>-repo</c> in their names.</param>
/// <param name="role">What it is to the command.</param>
internal sealed class SecondVault(string word, string role)
{
    private readonly Option<string?> repo = new($"--{word}-repo", $"--{word}")
    {
        Description = $"A vault {role}{(word == "from" ? " (also: RESTIC_FROM_REPOSITORY)" : "")}.",
        HelpName = "LOCATION",
    };

    private readonly Option<string?> repositoryFile = new($"--{word}-repository-file") { Description = "A file that holds its location.", HelpName = "FILE" };

    private readonly Option<string?> passwordFile = new($"--{word}-password-file")
    {
        Description = $"A file that holds its password{(word == "from" ? " (also: RESTIC_FROM_PASSWORD_FILE, RESTIC_FROM_PASSWORD)" : "")}. Without one it is asked for.",
        HelpName = "FILE",
    };

    private readonly Option<string?> passwordCommand = new($"--{word}-password-command") { Description = "A program that prints its password.", HelpName = "COMMAND" };

    private string Prefix => $"RESTIC_{word.ToUpperInvariant()}_";

    public void AddTo(Command command)
    {
        command.Options.Add(repo);
        command.Options.Add(repositoryFile);
        command.Options.Add(passwordFile);
        command.Options.Add(passwordCommand);
    }

    public bool IsNamed(VaultCall call) => Text(call) is not null;

    public async Task<VaultRepository> OpenAsync(VaultCall call, CancellationToken cancellation)
    {
        var text = Text(call) ?? throw VerbException.Usage("the other vault is not named", $"name it with {repo.Name} LOCATION");
        var storage = call.OpenStorage(Kedge.Vault.Backends.VaultLocation.Parse(text));
        var password = new VaultPassword(call.Host, Prefix).Read(call.Get(passwordFile), call.Get(passwordCommand), $"password of the vault {storage.Traits.Location}:", cancellation);
        return (await call.OpenAsync(storage, password, cancellation)).Vault;
    }

    private string? Text(VaultCall call) => call.Choose(call.Get(repo), call.Get(repositoryFile), Prefix);
}
