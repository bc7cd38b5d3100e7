using System.CommandLine;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault.Prune;

namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>How to prune: for <c>prune</c> itself, and for <c>forget --prune</c>.</summary>
internal sealed class PruneOptions
{
    private readonly Option<string?> maxUnused = new("--max-unused")
    {
        Description = "How much may be left that nobody needs, beside what somebody does: 5%, 500M, unlimited. Default: 5%.",
        HelpName = "LIMIT",
    };

    private readonly Option<long?> maxRepack = new("--max-repack-size")
    {
        Description = "Copy no more than this in one go, as in 10G.",
        HelpName = "SIZE",
        CustomParser = TypedValues.Size,
    };

    private readonly Option<TimeSpan?> grace = new("--grace")
    {
        Description = "How long a pack stays after it was marked as unneeded. Default: 23h, so that a daily prune finishes what the one before began.",
        HelpName = "TIME",
        CustomParser = typed => TypedValues.Duration(typed),
    };

    private readonly Option<bool> instant = new("--instant") { Description = "Remove at once, as restic does: nobody else may work in the vault meanwhile." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { maxUnused, maxRepack, grace, instant })
        {
            command.Options.Add(option);
        }
    }

    public PruneWanted Read(VaultCall call, bool dryRun) => new()
    {
        MaxUnused = call.Get(maxUnused) is { } limit ? UnusedLimit.Parse(limit) : UnusedLimit.Default,
        MaxRepackBytes = call.Get(maxRepack),
        Grace = call.Get(grace) ?? PruneWanted.DefaultGrace,
        Instant = call.Get(instant),
        DryRun = dryRun,
        OnProblem = what => call.Output.Problem(null, what, "prune"),
    };
}
