using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Copy;
using Kedge.Vault.Upkeep;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault copy</c>: snapshots of another vault, into this one.</summary>
internal static class VaultCopyVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string[]>("SNAPSHOT") { Description = "Only these; latest for the newest. Default: all.", Arity = ArgumentArity.ZeroOrMore };
        var from = new SecondVault("from", "to copy from");
        var filter = new SnapshotOptions("Only snapshots");
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Say what would be copied, and copy nothing." };
        var verb = new Verb("copy", "Copy snapshots of another vault into this one.")
        {
            Group = "Keep order",
            More =
            [
                "Only what this vault lacks is copied, and every blob is verified on the way. Where both have the same key (kedge vault init --copy-chunker-params) nothing is encrypted anew. Snapshots that were copied before are left out.",
                "It needs no right to remove or overwrite anything here: another machine than the one that backs up can pull its copies.",
            ],
            Examples = [new("kedge vault copy --repo s3:https://s3.example.com/bucket/vault --from-repo /mnt/backup/vault --from-password-file /etc/kedge/vault.password", "Everything, off-site.")],
            Exits = VaultExits.OfWorking,
        };
        verb.Arguments.Add(which);
        from.AddTo(verb);
        filter.AddTo(verb);
        verb.Options.Add(dryRun);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var source = await from.OpenAsync(call, cancellation);
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var list = await filter.ManyAsync(call, source, call.Get(which)!, cancellation);
            await using var read = await call.LockAsync(source, exclusive: false, cancellation);
            await using var taken = call.Get(dryRun) ? null : await call.BeginLockAsync(vault, exclusive: false, cancellation);
            var progress = new UpkeepProgress();
            CopyOutcome outcome;
            using (call.Output.Follow(new UpkeepView(progress)))
            {
                var wanted = new CopyWanted
                {
                    Snapshots = [.. list.Snapshots.Select(s => s.Id)],
                    DryRun = call.Get(dryRun),
                    OnProblem = what => call.Output.Problem(null, what, "copy"),
                    Progress = progress,
                };
                outcome = await VaultCopy.RunAsync(source, vault, wanted, taken, cancellation);
            }

            Show(call, outcome, call.Get(dryRun));
            return outcome.IsWhole && list.Damaged.Count == 0 ? ExitCodes.Fine
                : throw new VerbException(ExitCodes.Failed, "not all snapshots could be copied", "The source is damaged: kedge vault check --repo says how, and what to do.");
        }, "What was copied so far is kept, and the next copy goes on from there.");
    }

    private static void Show(VaultCall call, CopyOutcome outcome, bool isDryRun)
    {
        foreach (var one in outcome.Copied)
        {
            call.Output.Line(Styled.Good(isDryRun ? "would copy " : "copied ") + $"{one.Source.Short} of {one.Snapshot.Hostname}, {Figures.At(one.Snapshot.Time.ToDateTimeOffset(), call.Zone)}{(one.Copy is { } copy ? $", as {copy.Short}" : "")}");
            call.Output.Message("copied", json =>
            {
                json.WriteString("source"u8, one.Source.ToString());
                json.WriteString("snapshot"u8, one.Copy?.ToString());
            });
        }

        var page = new Page(call.Output.Width);
        page.Add($"{Figures.Count(outcome.Copied.Count, "snapshot")} {(isDryRun ? "would be copied" : "copied")}, {outcome.Skipped.Count} there already; new {Figures.Bytes(outcome.NewBytes)} in {FilesView.Number(outcome.NewBlobs)} blobs{(outcome.SameKey ? ", with the same key" : "")}");
        call.Output.Conclude(page);
        call.Output.Message("summary", json =>
        {
            json.WriteNumber("snapshots_copied"u8, outcome.Copied.Count);
            json.WriteNumber("snapshots_skipped"u8, outcome.Skipped.Count);
            json.WriteNumber("snapshots_damaged"u8, outcome.Damaged.Count);
            json.WriteNumber("new_blobs"u8, outcome.NewBlobs);
            json.WriteNumber("new_bytes"u8, outcome.NewBytes);
            json.WriteNumber("stored_bytes"u8, outcome.StoredBytes);
            json.WriteBoolean("same_key"u8, outcome.SameKey);
        });
    }
}
