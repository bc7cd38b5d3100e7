using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Repair;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault repair snapshots</c>: writes damaged snapshots anew without what is lost.</summary>
internal static class VaultRepairSnapshotsVerb
{
    /// <summary>Of each snapshot, for people; the rest is in the JSON.</summary>
    private const int MostShown = 10;

    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string[]>("SNAPSHOT") { Description = "These; latest for the newest. Default: all that the options let through.", Arity = ArgumentArity.ZeroOrMore };
        var filter = new SnapshotOptions("Only snapshots");
        var partial = new Option<bool>("--keep-partial-files") { Description = "Keep what is left of files of which a part is lost, as restic does; they are shorter by it. Otherwise such files are left out." };
        var forget = new Option<bool>("--forget", "-f") { Description = "Remove the damaged snapshots afterwards." };
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Say what would be left out, and change nothing." };
        var verb = new Verb("snapshots", "Write damaged snapshots anew without what is lost.")
        {
            Examples = [new("kedge vault repair snapshots --dry-run", "What is lost?"), new("kedge vault repair snapshots --forget", "Keep the rest, and only that.")],
            Exits = VaultExits.OfWorking,
        };
        verb.Arguments.Add(which);
        filter.AddTo(verb);
        verb.Options.Add(partial);
        verb.Options.Add(forget);
        verb.Options.Add(dryRun);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            await using var taken = call.Get(dryRun) ? null : await call.LockAsync(vault, exclusive: false, cancellation);
            var list = await filter.ManyAsync(call, vault, call.Get(which)!, cancellation);
            var wanted = new SnapshotRepairWanted
            {
                Snapshots = [.. list.Snapshots.Select(s => s.Id)],
                KeepPartialFiles = call.Get(partial),
                Forget = call.Get(forget),
                DryRun = call.Get(dryRun),
            };
            if (wanted is { Forget: true, DryRun: false })
            {
                await call.Memory.WillRemoveAsync(wanted.Snapshots, cancellation);
            }

            SnapshotRepairOutcome outcome;
            using (call.Output.Follow(new UpkeepView(wanted.Progress)))
            {
                outcome = await SnapshotRepair.RunAsync(vault, wanted, taken, cancellation);
            }

            if (wanted is { Forget: true, DryRun: false })
            {
                await call.Memory.RemovedAsync([.. outcome.Repaired.Select(r => r.Id)], cancellation);
            }

            Show(call, outcome, wanted.DryRun);
            return ExitCodes.Fine;
        });
    }

    private static void Show(VaultCall call, SnapshotRepairOutcome outcome, bool isDryRun)
    {
        foreach (var one in outcome.Repaired)
        {
            var fate = one.IsLost ? "nothing is left of it" : one.New is { } written ? $"what is left of it is {written.Short} now" : "something of it is lost";
            call.Output.Line(Styled.Warning($"snapshot {one.Id.Short}") + $" of {one.Snapshot.Hostname}, {Figures.At(one.Snapshot.Time.ToDateTimeOffset(), call.Zone)}: {fate}");
            foreach (var loss in one.Losses.Take(MostShown))
            {
                call.Output.Line($"         {loss}: {loss.What}");
            }

            if (one.IsCut || one.Losses.Count > MostShown)
            {
                call.Output.Line(Styled.Quiet("         and more"));
            }

            call.Output.Message("repaired", json =>
            {
                json.WriteString("old_snapshot_id"u8, one.Id.ToString());
                json.WriteString("new_snapshot_id"u8, one.New?.ToString());
                json.WriteBoolean("is_lost"u8, one.IsLost);
                json.WriteBoolean("is_cut"u8, one.IsCut);
                json.WriteStartArray("losses"u8);
                foreach (var loss in one.Losses)
                {
                    json.WriteStartObject();
                    json.WriteString("path"u8, loss.ToString());
                    json.WriteString("message"u8, loss.What);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
        }

        var page = new Page(call.Output.Width);
        page.Add(Styled.Good(isDryRun ? "dry run: " : "done     ") + $"{Figures.Count(outcome.Whole, "snapshot is", "snapshots are")} whole as far as the index tells, {outcome.Repaired.Count} {(isDryRun ? "would be repaired" : "repaired")}");
        page.Add(Styled.Quiet("         what is stored is read by kedge vault check --read-data, and settled by repair packs"));
        call.Output.Conclude(page);
        call.Output.Message("summary", json =>
        {
            json.WriteBoolean("dry_run"u8, isDryRun);
            json.WriteNumber("whole"u8, outcome.Whole);
            json.WriteNumber("repaired"u8, outcome.Repaired.Count);
            json.WriteNumber("unreadable"u8, outcome.Unreadable.Count);
        });
    }
}
