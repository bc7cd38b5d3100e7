using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault.Locking;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault unlock</c>: takes away the locks of those who are gone.</summary>
internal static class VaultUnlockVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var all = new Option<bool>("--remove-all") { Description = "Also locks of those who may be alive. Only when you know that nobody works in the vault." };
        var verb = new Verb("unlock", "Remove locks of processes that have ended.")
        {
            Group = "Check and mend",
            More = ["A lock is stale when its process has ended on this machine, or nobody has refreshed it for half an hour."],
            Examples = [new("kedge vault unlock", "After a backup was killed."), new("kedge vault unlock --remove-all", "Nobody else works in this vault, I am sure.")],
            Exits = VaultExits.OfOpening,
        };
        verb.Options.Add(all);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var removed = await LockSurvey.RemoveAsync(vault, call.Holder, call.Get(all), cancellation);
            var left = await LockSurvey.ListAsync(vault, cancellation);
            foreach (var one in removed)
            {
                call.Output.Line(Styled.Good("removed ") + Words(one, call));
            }

            foreach (var one in left)
            {
                call.Output.Line(Styled.Warning("in use  ") + Words(one, call));
            }

            if (removed.Count + left.Count == 0)
            {
                call.Output.Line("no locks");
            }

            call.Output.Message("summary", json =>
            {
                json.WriteNumber("locks_removed"u8, removed.Count);
                json.WriteNumber("locks_left"u8, left.Count);
            });
            return ExitCodes.Fine;
        });
    }

    private static Styled Words(StandingLock one, VaultCall call) => one.File is not { } file
        ? $"the lock {one.Id.Short}, which cannot be read"
        : $"the {(file.Exclusive ? "exclusive " : "")}lock of process {file.ProcessId} of {file.Username} on {file.Hostname}, {Figures.At(file.Time.ToDateTimeOffset(), call.Zone)}";
}
