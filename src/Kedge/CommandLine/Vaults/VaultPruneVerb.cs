using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault;
using Kedge.Vault.Prune;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault prune</c>: gives back the space of what no snapshot needs.</summary>
internal static class VaultPruneVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var how = new PruneOptions();
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Say what would be done, and do nothing." };
        var verb = new Verb("prune", "Give back the space of what no snapshot needs.")
        {
            Group = "Keep order",
            More =
            [
                "In two steps, so that backups go on meanwhile: what nobody needs is marked, and removed by a later prune, after the grace period and once every snapshot has been read again. Run it daily.",
                "It needs the right to remove objects, which a machine that backs up should not have.",
            ],
            Examples = [new("kedge vault prune --dry-run", "How much would be gained?"), new("kedge vault prune --instant", "At once, while nobody else is at work.")],
            Exits = VaultExits.OfWorking,
        };
        how.AddTo(verb);
        verb.Options.Add(dryRun);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            return await RunAsync(call, vault, how.Read(call, call.Get(dryRun)), cancellation);
        });
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(VaultCall call, VaultRepository vault, PruneWanted wanted, CancellationToken cancellation)
    {
        PruneOutcome outcome;
        await using var taken = wanted.DryRun ? null : await VaultPrune.LockAsync(vault, call.Holder, wanted.Instant, call.Patience, cancellation);
        using (call.Output.Follow(new UpkeepView(wanted.Progress)))
        {
            outcome = await VaultPrune.RunAsync(vault, wanted, taken, cancellation);
        }

        var plan = outcome.Plan;
        var page = new Page(call.Output.Width);
        page.Add($"needed   {Figures.Bytes(plan.Used.Bytes)} in {FilesView.Count(plan.Used.Blobs, "blob")}");
        page.Add($"unneeded {Figures.Bytes(plan.Unused.Bytes + plan.Duplicate.Bytes)} in {FilesView.Count(plan.Unused.Blobs + plan.Duplicate.Blobs, "blob")}");
        page.Add($"repack   {Figures.Bytes(plan.ToRepack.Bytes)}, which gives up {Figures.Bytes(plan.RepackGivesUp.Bytes)}");
        page.Add(wanted.DryRun
            ? Styled.Good("dry run: ") + $"{FilesView.Count(plan.ToMark.Packs, "pack")} of {Figures.Bytes(plan.ToMark.Bytes)} would be marked, {FilesView.Number(plan.ToRemove.Packs + plan.OrphansToRemove.Packs)} of {Figures.Bytes(plan.ToRemove.Bytes + plan.OrphansToRemove.Bytes)} removed"
            : Styled.Good("pruned   ") + $"{FilesView.Count(outcome.Removed.Packs, "pack")} of {Figures.Bytes(outcome.Removed.Bytes)} removed, {FilesView.Number(outcome.Marked.Packs)} of {Figures.Bytes(outcome.Marked.Bytes)} marked for a later prune");
        page.Add($"left     {Figures.Bytes(plan.BytesLeft)}, of which {plan.PercentUnusedLeft:0.0}% unneeded");
        if (outcome.WaitsFor is { } waiting)
        {
            page.Add(Styled.Warning($"something waits for the next prune: {waiting}"));
        }

        call.Output.Conclude(page);
        call.Output.Message("summary", json =>
        {
            json.WriteBoolean("dry_run"u8, wanted.DryRun);
            json.WriteNumber("used_bytes"u8, plan.Used.Bytes);
            json.WriteNumber("unused_bytes"u8, plan.Unused.Bytes);
            json.WriteNumber("duplicate_bytes"u8, plan.Duplicate.Bytes);
            json.WriteNumber("repack_bytes"u8, plan.ToRepack.Bytes);
            json.WriteNumber("packs_to_mark"u8, plan.ToMark.Packs);
            json.WriteNumber("packs_to_remove"u8, plan.ToRemove.Packs + plan.OrphansToRemove.Packs);
            json.WriteNumber("packs_removed"u8, outcome.Removed.Packs);
            json.WriteNumber("bytes_removed"u8, outcome.Removed.Bytes);
            json.WriteNumber("packs_marked"u8, outcome.Marked.Packs);
            json.WriteNumber("bytes_marked"u8, outcome.Marked.Bytes);
            json.WriteNumber("bytes_left"u8, plan.BytesLeft);
        });
        return outcome.DamagedPacks == 0 ? ExitCodes.Fine
            : throw new VerbException(ExitCodes.Failed, $"{Figures.Count(outcome.DamagedPacks, "pack")} could not be read whole, and stays", "See what is damaged: kedge vault check --read-data.");
    }
}
