using System.CommandLine;

namespace Kedge.CommandLine.Vaults;

/// <summary>Options that every verb of a vault takes, named as restic names them.</summary>
internal sealed class VaultOptions
{
    public Option<string?> Repo { get; } = new("--repo", "-r")
    {
        Description = "The vault: a folder, s3:https://host/bucket/prefix, or rest:https://host/path/ (also: KEDGE_VAULT_REPO, RESTIC_REPOSITORY).",
        HelpName = "LOCATION",
        Recursive = true,
    };

    public Option<string?> PasswordFile { get; } = new("--password-file", "-p")
    {
        Description = "A file whose first line is the password (also: KEDGE_VAULT_PASSWORD_FILE, RESTIC_PASSWORD_FILE, RESTIC_PASSWORD). Default: ask.",
        HelpName = "FILE",
        Recursive = true,
    };

    public IEnumerable<Option> All => [Repo, PasswordFile];
}
