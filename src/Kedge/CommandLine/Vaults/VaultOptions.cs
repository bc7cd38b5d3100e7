using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

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

    public Option<string?> RepositoryFile { get; } = new("--repository-file")
    {
        Description = "A file that holds the location, for one with a password in it (also: RESTIC_REPOSITORY_FILE).",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string?> PasswordFile { get; } = new("--password-file", "-p")
    {
        Description = "A file that holds the password (also: KEDGE_VAULT_PASSWORD_FILE, RESTIC_PASSWORD_FILE, or RESTIC_PASSWORD itself). Without one it is asked for. It is never an argument, which everybody on the machine could read.",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string?> PasswordCommand { get; } = new("--password-command")
    {
        Description = "A program, with arguments, that prints the password; started without a shell (also: RESTIC_PASSWORD_COMMAND).",
        HelpName = "COMMAND",
        Recursive = true,
    };

    public Option<bool> NoLock { get; } = new("--no-lock")
    {
        Description = "Take no lock, where the storage lets nobody write or remove one. Meanwhile a prune with its grace period is safe; prune --instant and a prune by restic are not.",
        Recursive = true,
    };

    public Option<TimeSpan> RetryLock { get; } = new("--retry-lock")
    {
        Description = "How long to wait for who has locked the vault, as in 5m. Default: not at all.",
        HelpName = "TIME",
        Recursive = true,
        CustomParser = TypedValues.Duration,
    };

    public Option<string?> CaCertificate { get; } = new("--cacert")
    {
        Description = "PEM file of the authorities that are trusted instead of the system's (also: RESTIC_CACERT).",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<int?> LimitUpload { get; } = new("--limit-upload") { Description = "At most so many KiB a second.", HelpName = "KIB", Recursive = true };

    public Option<int?> LimitDownload { get; } = new("--limit-download") { Description = "At most so many KiB a second.", HelpName = "KIB", Recursive = true };

    public Option<string[]> Extended { get; } = new("--option", "-o")
    {
        Description = "How the storage is talked to: connections=N, retry-for=TIME, stall-limit=TIME, retention=governance:DAYS or compliance:DAYS (S3's object lock). May be repeated.",
        HelpName = "NAME=VALUE",
        Recursive = true,
    };

    public Option<bool> AcceptRollback { get; } = new("--accept-rollback")
    {
        Description = "Take the vault as it is, although this machine remembers a newer state of it.",
        Recursive = true,
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Say nothing but results and errors.", Recursive = true };

    public Option<int> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "Say more; twice, or with 2: also about each file.",
        HelpName = "[N]",
        Arity = ArgumentArity.ZeroOrOne,
        Recursive = true,
        CustomParser = Verbosity,
    };

    /// <summary>restic's scripts may give them; there is no cache that they could be about.</summary>
    public IReadOnlyList<Option> OfNoCache { get; } =
    [
        new Option<bool>("--no-cache") { Hidden = true, Recursive = true },
        new Option<bool>("--cleanup-cache") { Hidden = true, Recursive = true },
        new Option<string?>("--cache-dir") { Hidden = true, Recursive = true },
    ];

    public IEnumerable<Option> All =>
    [
        Repo, RepositoryFile, PasswordFile, PasswordCommand, NoLock, RetryLock,
        CaCertificate, LimitUpload, LimitDownload, Extended, AcceptRollback, Quiet, Verbose, .. OfNoCache,
    ];

    private static int Verbosity(ArgumentResult typed)
    {
        if (typed.Tokens.Count == 0)
        {
            return ((OptionResult)typed.Parent!).IdentifierTokenCount;
        }

        if (int.TryParse(typed.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var level))
        {
            return level;
        }

        typed.AddError($"'{typed.Tokens[0].Value}' is no level: 1 or 2");
        return 0;
    }
}
