using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Check;
using Kedge.Vault.Upkeep;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault check</c>: whether all that was backed up can be restored.</summary>
internal static class VaultCheckVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var readData = new Option<bool>("--read-data") { Description = "Read every byte." };
        var subset = new Option<string?>("--read-data-subset")
        {
            Description = "Read a part: 2/7 (the second of seven equal parts), 5% or 500M (at random).",
            HelpName = "SHARE",
        };
        var headers = new Option<bool>("--read-headers") { Description = "Read the header of each pack, and hold it against the index." };
        var unused = new Option<bool>("--check-unused") { Hidden = true };
        var verb = new Verb("check", "Look whether the vault is sound: its structure, or every byte.")
        {
            Group = "Check and mend",
            More =
            [
                "It names each damaged object, which snapshots and files it hits, and what to do about it. It changes nothing, and may run beside backups.",
                "Without --read-data it finds what is missing or does not fit together; whether the stored bytes are still the right ones is known only when they are read. A share a week sees all of them in time.",
            ],
            Examples =
            [
                new("kedge vault check", "Does everything fit together?"),
                new("kedge vault check --read-data", "Is every byte the right one?"),
                new("kedge vault check --read-data-subset 3/52", "The third of 52 parts, this week."),
            ],
            Exits = VaultExits.OfWorking,
        };
        foreach (var option in new Option[] { readData, subset, headers, unused })
        {
            verb.Options.Add(option);
        }

        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            if (call.Get(readData) && call.Get(subset) is not null)
            {
                throw VerbException.Usage("--read-data reads all, --read-data-subset a part of it", "give one of the two");
            }

            var share = call.Get(readData) ? DataShare.All : call.Get(subset) is { } text ? DataShare.Parse(text) : DataShare.None;
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            await using var taken = await call.LockAsync(vault, exclusive: false, cancellation);
            var report = new CheckReport(call.Output);
            var progress = new UpkeepProgress();
            CheckOutcome outcome;
            using (call.Output.Follow(new UpkeepView(progress)))
            {
                outcome = await VaultCheck.RunAsync(
                    vault,
                    new() { ReadData = share, WithHeaders = call.Get(headers), Self = call.Holder, OnFinding = report.Tell, Progress = progress },
                    cancellation);
            }

            return report.Show(outcome, call.Zone);
        });
    }
}
