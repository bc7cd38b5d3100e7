using System.CommandLine;
using System.Text.Json;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault;
using Kedge.Vault.Forget;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault forget</c>: removes snapshots, by their ids or by a policy.</summary>
internal static class VaultForgetVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string[]>("SNAPSHOT") { Description = "Remove these, whatever a policy says.", Arity = ArgumentArity.ZeroOrMore };
        var keep = new KeepOptions();
        var filter = new SnapshotOptions("Only snapshots", hasShortHost: false);
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Say what would be removed, and remove nothing." };
        var prune = new Option<bool>("--prune") { Description = "Afterwards give back the space: kedge vault prune." };
        var how = new PruneOptions();
        var verb = new Verb("forget", "Remove snapshots, by their ids or by a policy.")
        {
            Group = "Keep order",
            More =
            [
                "The policy is applied to the snapshots of each host and paths for themselves; a snapshot is kept when one rule wants it. Why each is kept is said.",
                "Their content stays until kedge vault prune. It needs the right to remove snapshots, which a machine that backs up should not have.",
            ],
            Examples =
            [
                new("kedge vault forget --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --dry-run", "What would remain?"),
                new("kedge vault forget 4bba301e", "Just this one."),
            ],
            Exits = VaultExits.OfWorking,
        };
        verb.Arguments.Add(which);
        keep.AddTo(verb);
        filter.AddTo(verb);
        verb.Options.Add(dryRun);
        verb.Options.Add(prune);
        how.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            List<StoredSnapshot> doomed;
            await using (var taken = call.Get(dryRun) ? null : await call.LockAsync(vault, exclusive: false, cancellation))
            {
                if (call.Get(which)!.Length > 0)
                {
                    doomed = [.. (await SnapshotChoice.ManyAsync(vault, call.Get(which)!, filter.Read(call), cancellation)).Snapshots];
                    ShowDoomed(call, doomed, call.Get(dryRun));
                }
                else
                {
                    var all = await SnapshotSurvey.ListAsync(vault, cancellation);
                    SnapshotOptions.TellDamaged(call, all.Damaged);
                    await call.Memory.SawAsync(all, cancellation);
                    var plan = ForgetPlan.Make(all.Snapshots, keep.Read(call, filter.Read(call)), host.Time);
                    doomed = [.. plan.Remove];
                    ShowPlan(call, plan, call.Get(dryRun));
                }

                if (!call.Get(dryRun))
                {
                    await RemoveAsync(call, vault, doomed, cancellation);
                }
            }

            if (!call.Get(prune))
            {
                return ExitCodes.Fine;
            }

            // Also where nothing was removed: what an earlier prune marked waits for this one.
            var wanted = how.Read(call, call.Get(dryRun));
            return await VaultPruneVerb.RunAsync(call, vault, wanted with { Forgotten = wanted.DryRun ? [.. doomed.Select(s => s.Id)] : [] }, cancellation);
        });
    }

    private static async Task RemoveAsync(VaultCall call, VaultRepository vault, List<StoredSnapshot> doomed, CancellationToken cancellation)
    {
        await call.Memory.WillRemoveAsync([.. doomed.Select(s => s.Id)], cancellation);
        var outcome = await VaultForget.RemoveAsync(vault, [.. doomed.Select(s => s.Id)], onRemoved: null, cancellation);
        await call.Memory.RemovedAsync(outcome.Removed, cancellation);
        foreach (var (id, problem) in outcome.Kept)
        {
            call.Output.Problem($"snapshot {id.Short}", problem.Message, "forget");
        }

        if (outcome.Kept.Count > 0)
        {
            throw VaultFailureOf(outcome.Kept[0].Problem, outcome.Kept.Count);
        }
    }

    private static VerbException VaultFailureOf(VaultException problem, int count) =>
        new(ExitCodes.Failed, $"{Figures.Count(count, "snapshot")} could not be removed", problem.Hint ?? "Why is said above.");

    private static void ShowDoomed(VaultCall call, List<StoredSnapshot> doomed, bool isDryRun)
    {
        foreach (var snapshot in doomed)
        {
            call.Output.Line((isDryRun ? "would remove " : "removes ") + $"snapshot {snapshot.Id.Short} of {snapshot.File.Hostname}, {Figures.At(snapshot.File.Time.ToDateTimeOffset(), call.Zone)}");
        }
    }

    private static void ShowPlan(VaultCall call, ForgetPlan plan, bool isDryRun)
    {
        call.Output.Document(json =>
        {
            json.WriteStartArray();
            foreach (var group in plan.Groups)
            {
                Write(json, group);
            }

            json.WriteEndArray();
        });
        var page = new Page(call.Output.Width);
        foreach (var group in plan.Groups)
        {
            page.Heading(group.Key.ToString() is { Length: > 0 } name ? name : "all snapshots");
            var table = new Table([new(""), new("ID"), new("Time"), new("Why, or paths", Flexible: true, Narrowest: 16)], indent: 2);
            foreach (var kept in group.Keep)
            {
                table.Add([Styled.Good("keep"), kept.Snapshot.Id.Short, Figures.At(kept.Snapshot.File.Time.ToDateTimeOffset(), call.Zone), string.Join(", ", kept.Reasons)]);
            }

            foreach (var removed in group.Remove)
            {
                table.Add([Styled.Warning("remove"), removed.Id.Short, Figures.At(removed.File.Time.ToDateTimeOffset(), call.Zone), Styled.Quiet(string.Join(", ", removed.File.Paths))]);
            }

            page.Table(table);
        }

        page.Gap().Add($"{Figures.Count(plan.Remove.Count, "snapshot")} {(isDryRun ? "would be removed" : "to remove")}, {plan.Groups.Sum(g => g.Keep.Count)} kept");
        call.Output.Show(page);
    }

    /// <summary>restic's ForgetGroup.</summary>
    private static void Write(Utf8JsonWriter json, ForgetGroup group)
    {
        json.WriteStartObject();
        SnapshotJson.WriteListOrNull(json, "tags", group.Key.Tags);
        json.WriteString("host"u8, group.Key.Hostname ?? "");
        SnapshotJson.WriteListOrNull(json, "paths", group.Key.Paths);
        json.WriteStartArray("keep"u8);
        foreach (var kept in group.Keep)
        {
            SnapshotJson.Write(json, kept.Snapshot);
        }

        json.WriteEndArray();
        json.WriteStartArray("remove"u8);
        foreach (var removed in group.Remove)
        {
            SnapshotJson.Write(json, removed);
        }

        json.WriteEndArray();
        json.WriteStartArray("reasons"u8);
        foreach (var kept in group.Keep)
        {
            json.WriteStartObject();
            json.WritePropertyName("snapshot"u8);
            SnapshotJson.Write(json, kept.Snapshot);
            SnapshotJson.WriteList(json, "matches", kept.Reasons, evenIfEmpty: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
