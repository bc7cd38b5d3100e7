using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Repair;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault repair</c>: makes good what a check found.</summary>
internal static class VaultRepairVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var verb = new Verb("repair", "Make good what kedge vault check found.")
        {
            Group = "Check and mend",
            More = ["First kedge vault check, which says what is wrong and which of these helps. Snapshots come last: what the other two can save is not lost."],
            Examples =
            [
                new("kedge vault repair index", "The index is damaged, or packs are missing from it."),
                new("kedge vault repair packs 0956fb61 --from s3:https://s3.example.com/bucket/vault", "A pack is damaged, and another vault may have what it held."),
                new("kedge vault repair snapshots --forget", "What is lost is lost: keep the rest."),
            ],
        };
        verb.Subcommands.Add(Index(host, globals, options));
        verb.Subcommands.Add(VaultRepairPacksVerb.Build(host, globals, options));
        verb.Subcommands.Add(VaultRepairSnapshotsVerb.Build(host, globals, options));
        return verb;
    }

    private static Verb Index(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var readAll = new Option<bool>("--read-all-packs") { Description = "Believe nothing of the old index, and read the header of every pack." };
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Say what would change, and change nothing." };
        var verb = new Verb("index", "Make the index anew from the packs.")
        {
            Examples = [new("kedge vault repair index --dry-run", "What would change?")],
            Exits = VaultExits.OfWorking,
        };
        verb.Options.Add(readAll);
        verb.Options.Add(dryRun);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            await using var taken = call.Get(dryRun) ? null : await call.LockAsync(vault, exclusive: true, cancellation);
            var wanted = new IndexRepairWanted { ReadAllPacks = call.Get(readAll), DryRun = call.Get(dryRun) };
            IndexRepairOutcome outcome;
            using (call.Output.Follow(new UpkeepView(wanted.Progress)))
            {
                outcome = await IndexRepair.RunAsync(vault, wanted, taken, cancellation);
            }

            foreach (var pack in outcome.Unreadable)
            {
                call.Output.Problem($"pack {pack.Id}", pack.Why, "repair");
            }

            var page = new Page(call.Output.Width);
            page.Add(outcome.IsUnchanged
                ? Styled.Good("right    ") + "the index is as the packs are"
                : Styled.Good(wanted.DryRun ? "dry run: " : "repaired ") + $"{Figures.Count(outcome.Added.Count, "pack")} added, {outcome.Dropped.Count} that are gone dropped, {Figures.Count(outcome.UnreadableFiles.Count, "damaged index file")} replaced");
            call.Output.Conclude(page);
            call.Output.Message("summary", json =>
            {
                json.WriteBoolean("dry_run"u8, wanted.DryRun);
                json.WriteNumber("packs_added"u8, outcome.Added.Count);
                json.WriteNumber("packs_dropped"u8, outcome.Dropped.Count);
                json.WriteNumber("packs_unreadable"u8, outcome.Unreadable.Count);
                json.WriteNumber("index_files_unreadable"u8, outcome.UnreadableFiles.Count);
                json.WriteNumber("index_files_removed"u8, outcome.FilesRemoved);
                json.WriteNumber("index_files_written"u8, outcome.FilesWritten);
            });
            return outcome.Unreadable.Count == 0 ? ExitCodes.Fine
                : throw new VerbException(ExitCodes.Failed, $"{Figures.Count(outcome.Unreadable.Count, "pack")} could not be read, and stays as it was", "Keep what is good of them: kedge vault repair packs, with the ids above.");
        });
    }
}
