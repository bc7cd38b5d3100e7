using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault snapshots</c>: what was backed up, when.</summary>
internal static class VaultSnapshotsVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string[]>("SNAPSHOT") { Description = "Only these, by their ids; latest for the newest.", Arity = ArgumentArity.ZeroOrMore };
        var filter = new SnapshotOptions("Only snapshots");
        var latest = new Option<int?>("--latest") { Description = "Only the newest so many of each host and paths.", HelpName = "N" };
        var groupBy = new Option<string?>("--group-by", "-g") { Description = "Put together what has the same host, paths, tags.", HelpName = "WHAT" };
        var compact = new Option<bool>("--compact", "-c") { Description = "One line each." };
        var verb = new Verb("snapshots", "List the snapshots.")
        {
            Group = "Look",
            Examples =
            [
                new("kedge vault snapshots --host web1 --latest 1", "The newest of one machine."),
                new("kedge vault snapshots --json | jq -r '.[].short_id'", "For a script, in restic's shape."),
            ],
            Exits = VaultExits.OfOpening,
        };
        verb.Arguments.Add(which);
        filter.AddTo(verb);
        verb.Options.Add(latest);
        verb.Options.Add(groupBy);
        verb.Options.Add(compact);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var list = await filter.ManyAsync(call, vault, call.Get(which)!, cancellation);
            if (call.Get(which)!.Length == 0 && filter.Read(call).IsEmpty)
            {
                await call.Memory.SawAsync(list, cancellation);
            }

            var snapshots = call.Get(latest) is { } count
                ? SnapshotGrouping.Usual.Apply(list.Snapshots).SelectMany(g => g.Snapshots.TakeLast(count)).OrderBy(s => s.File.Time).ToList()
                : list.Snapshots;
            var groups = call.Get(groupBy) is { } text ? SnapshotGrouping.Parse(text).Apply(snapshots) : null;
            call.Output.Document(json =>
            {
                json.WriteStartArray();
                foreach (var group in groups ?? [])
                {
                    SnapshotJson.WriteGroup(json, group);
                }

                foreach (var snapshot in groups is null ? snapshots : [])
                {
                    SnapshotJson.Write(json, snapshot);
                }

                json.WriteEndArray();
            });
            var page = new Page(call.Output.Width);
            foreach (var group in groups ?? [])
            {
                page.Heading(group.Key.ToString() is { Length: > 0 } name ? name : "all").Table(SnapshotTable.Of(group.Snapshots, call.Zone, call.Get(compact)));
            }

            if (groups is null && snapshots.Count > 0)
            {
                page.Table(SnapshotTable.Of(snapshots, call.Zone, call.Get(compact)));
            }

            page.Gap().Add(Styled.Quiet(Figures.Count(snapshots.Count, "snapshot")));
            call.Output.Show(page);
            return list.Damaged.Count > 0 ? ExitCodes.Failed : ExitCodes.Fine;
        });
    }
}
