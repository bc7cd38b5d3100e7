using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tags;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault tag</c>: changes the tags of snapshots.</summary>
internal static class VaultTagVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string[]>("SNAPSHOT") { Description = "These; latest for the newest. Default: all that the options let through.", Arity = ArgumentArity.ZeroOrMore };
        var set = new Option<string[]>("--set") { Description = "These tags instead of all others, with commas between them; '' for none. May be repeated.", HelpName = "TAG" };
        var add = new Option<string[]>("--add") { Description = "Also these.", HelpName = "TAG" };
        var remove = new Option<string[]>("--remove") { Description = "Not these.", HelpName = "TAG" };
        var filter = new SnapshotOptions("Only snapshots");
        var verb = new Verb("tag", "Change the tags of snapshots.")
        {
            Group = "Keep order",
            More = ["Nothing in a vault is ever changed: a snapshot is written anew with other tags, under another id, and the old one is removed."],
            Examples = [new("kedge vault tag --add keep,audit 4bba301e", "So that kedge vault forget --keep-tag audit keeps it."), new("kedge vault tag --set '' --host web1", "No tags any more, on all of a machine's.")],
            Exits = VaultExits.OfWorking,
        };
        verb.Arguments.Add(which);
        verb.Options.Add(set);
        verb.Options.Add(add);
        verb.Options.Add(remove);
        filter.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            var change = new TagChange
            {
                Set = call.Get(set)!.Length > 0 ? TagList.Flatten(call.Get(set)!.Select(TagList.Parse)) : null,
                Add = TagList.Flatten(call.Get(add)!.Select(TagList.Parse)),
                Remove = TagList.Flatten(call.Get(remove)!.Select(TagList.Parse)),
            };
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            await using var taken = await call.LockAsync(vault, exclusive: false, cancellation);
            var list = await filter.ManyAsync(call, vault, call.Get(which)!, cancellation);
            await call.Memory.WillRemoveAsync([.. list.Snapshots.Select(s => s.Id)], cancellation);
            var changed = await VaultTags.ChangeAsync(vault, list.Snapshots, change, one => Tell(call, one), cancellation);
            await call.Memory.RemovedAsync([.. changed.Where(c => c.Problem is null).Select(c => c.Old)], cancellation);
            call.Output.Line(Styled.Quiet($"{Figures.Count(changed.Count, "snapshot")} changed"));
            call.Output.Message("summary", json => json.WriteNumber("changed_snapshots"u8, changed.Count));
            return changed.FirstOrDefault(c => c.Problem is not null) is { } stuck
                ? throw new VerbException(ExitCodes.Failed, $"the snapshot {stuck.Old.Short} could not be removed and is there twice: {stuck.Problem!.Message}", stuck.Problem.Hint ?? "Remove it where that is allowed: kedge vault forget.")
                : ExitCodes.Fine;
        });
    }

    private static void Tell(VaultCall call, RetaggedSnapshot one)
    {
        call.Output.Line($"{one.Old.Short} is now {one.New.Id.Short}, with {(one.New.File.Tags.Count > 0 ? string.Join(", ", one.New.File.Tags) : "no tags")}");
        call.Output.Message("changed", json =>
        {
            json.WriteString("old_snapshot_id"u8, one.Old.ToString());
            json.WriteString("new_snapshot_id"u8, one.New.Id.ToString());
        });
    }
}
