using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault;
using Kedge.Vault.Format;
using Kedge.Vault.Repair;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault repair packs</c>: keeps what is good of damaged packs.</summary>
internal static class VaultRepairPacksVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string[]>("PACK") { Description = "Ids of packs or beginnings of them, as kedge vault check names them. Default: read all, and repair those that are damaged.", Arity = ArgumentArity.ZeroOrMore };
        var from = new SecondVault("from", "that may have good copies of what is lost");
        var keep = new Option<bool>("--keep-damaged") { Description = "Leave the damaged packs in the storage; no index lists them afterwards." };
        var verb = new Verb("packs", "Keep what is good of damaged packs, and take what is not from another vault.")
        {
            Examples = [new("kedge vault repair packs --from /mnt/copy/vault --from-password-file /etc/kedge/copy.password", "All that is damaged, from a copy.")],
            Exits = VaultExits.OfWorking,
        };
        verb.Arguments.Add(which);
        from.AddTo(verb);
        verb.Options.Add(keep);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var source = from.IsNamed(call) ? await from.OpenAsync(call, cancellation) : null;
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            await using var taken = await call.LockAsync(vault, exclusive: true, cancellation)
                ?? throw VerbException.Usage("packs cannot be repaired without a lock", "leave out --no-lock");
            var wanted = new PackRepairWanted
            {
                Packs = call.Get(which)!.Length > 0 ? await FindAsync(vault, call.Get(which)!, cancellation) : null,
                From = source,
                KeepDamaged = call.Get(keep),
                OnProblem = what => call.Output.Problem(null, what, "repair"),
            };
            PackRepairOutcome outcome;
            using (call.Output.Follow(new UpkeepView(wanted.Progress)))
            {
                outcome = await PackRepair.RunAsync(vault, wanted, taken, cancellation);
            }

            call.Output.Conclude(new Page(call.Output.Width).Add(outcome.Packs.Count == 0
                ? Styled.Good("right    ") + "no pack is damaged"
                : Styled.Good("repaired ") + $"{Figures.Count(outcome.Packs.Count, "pack")}: {FilesView.Number(outcome.Saved)} blobs saved, {FilesView.Number(outcome.HadCopies)} had another copy, {FilesView.Number(outcome.Taken)} from the other vault"));
            call.Output.Message("summary", json =>
            {
                json.WriteNumber("packs_repaired"u8, outcome.Packs.Count);
                json.WriteNumber("blobs_saved"u8, outcome.Saved);
                json.WriteNumber("blobs_with_copies"u8, outcome.HadCopies);
                json.WriteNumber("blobs_taken"u8, outcome.Taken);
                json.WriteNumber("blobs_lost"u8, outcome.Lost.Count);
            });
            return outcome.Lost.Count == 0 ? ExitCodes.Fine
                : throw new VerbException(ExitCodes.Failed, $"{Figures.Count(outcome.Lost.Count, "blob is", "blobs are")} lost", "Back up again: where the files still are as they were, what is missing is stored anew. What stays lost is left out by: kedge vault repair snapshots.");
        });
    }

    private static async Task<List<ObjectId>> FindAsync(VaultRepository vault, IEnumerable<string> named, CancellationToken cancellation)
    {
        List<ObjectId>? all = null;
        var found = new List<ObjectId>();
        foreach (var name in named)
        {
            // A pack that is gone can be named, too.
            if (ObjectId.TryParse(name, out var whole))
            {
                found.Add(whole);
                continue;
            }

            all ??= [.. (await vault.ListAsync(ObjectKind.Pack, cancellation)).Select(p => p.Name.Id)];
            var fitting = all.Where(id => id.ToString().StartsWith(name, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
            found.Add(fitting.Count == 1 ? fitting[0]
                : throw VerbException.Usage(fitting.Count == 0 ? $"no pack's id begins with {name}" : $"the ids of several packs begin with {name}", "kedge vault check names them"));
        }

        return found;
    }
}
