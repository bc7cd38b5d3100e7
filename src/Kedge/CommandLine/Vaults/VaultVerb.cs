using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault</c>: encrypted copies in restic's format.</summary>
internal static class VaultVerb
{
    private static readonly IReadOnlyList<(string Name, Func<CommandHost, GlobalOptions, VaultOptions, Verb> Build)> Verbs =
    [
        ("init", VaultInitVerb.Build),
        ("backup", VaultBackupVerb.Build),
        ("restore", VaultRestoreVerb.Build),
        ("snapshots", VaultSnapshotsVerb.Build),
        ("ls", VaultLsVerb.Build),
        ("find", VaultFindVerb.Build),
        ("diff", VaultDiffVerb.Build),
        ("dump", VaultDumpVerb.Build),
        ("stats", VaultStatsVerb.Build),
        ("check", VaultCheckVerb.Build),
        ("repair", VaultRepairVerb.Build),
        ("unlock", VaultUnlockVerb.Build),
        ("copy", VaultCopyVerb.Build),
        ("forget", VaultForgetVerb.Build),
        ("prune", VaultPruneVerb.Build),
        ("tag", VaultTagVerb.Build),
        ("key", VaultKeyVerb.Build),
    ];

    /// <param name="arguments">Where the second names a verb of a vault, only that one is built.</param>
    public static Verb Build(CommandHost host, GlobalOptions globals, IReadOnlyList<string> arguments)
    {
        var options = new VaultOptions();
        var verb = new Verb("vault", "Encrypted, checked copies of files, in restic's format: back up, look, restore, tidy up.")
        {
            Group = "Protect",
            Manners = VaultExits.Manners,
            More =
            [
                "A vault is a repository in restic's format: whatever happens to Kedge, restic reads it too. It can be a folder, a bucket of S3 or a REST server; it is encrypted, and holds what is the same only once. The words here are restic's.",
                "First steps: write a password into a file that only you can read, name vault and file in the environment, make the vault, back up, and try a restore before you need one.",
                "With --json each verb writes a message a line, in restic's shapes where it has them: docs/vault-json.md.",
            ],
            Examples =
            [
                new("export KEDGE_VAULT_REPO=/mnt/backup/vault KEDGE_VAULT_PASSWORD_FILE=/etc/kedge/vault.password", "Then no command below needs to name them."),
                new("kedge vault init", "Make the vault, once."),
                new("kedge vault backup /etc /srv", "Back up two folders; daily, from cron or a systemd timer."),
                new("kedge vault restore latest:/etc --target /tmp/etc", "Does it come back?"),
                new("kedge vault forget --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --prune", "Keep what is worth keeping; daily too, from a machine that may remove."),
                new("kedge vault check --read-data-subset 2/7", "Is it sound? A seventh of the data a day, here Tuesday's."),
            ],
        };
        foreach (var option in options.All)
        {
            verb.Options.Add(option);
        }

        var named = Verbs.Where(v => arguments.Count > 1 && v.Name == arguments[1]).ToList();
        foreach (var (_, build) in named.Count > 0 ? named : Verbs)
        {
            verb.Subcommands.Add(build(host, globals, options));
        }

        return verb;
    }

    /// <summary>What the verb does with a vault. What the vault says is told in its words.</summary>
    /// <param name="afterInterrupt">What Ctrl-C leaves behind.</param>
    public static Verb Does(
        this Verb verb, CommandHost host, GlobalOptions globals, VaultOptions options, Func<VaultCall, CancellationToken, Task<int>> action,
        string afterInterrupt = "The vault is whole, and nothing of it is locked.") =>
        verb.Does(host, globals, async (invocation, cancellation) =>
        {
            using var call = new VaultCall(invocation, options);
            await using var ending = cancellation.Register(() => call.Output.Remark(Styled.Quiet("ending; Ctrl-C once more ends at once")));
            try
            {
                var code = await action(call, cancellation);
                return code != ExitCodes.Fine || call.UnreadSnapshots == 0 ? code
                    : throw new VerbException(
                        ExitCodes.Failed, $"{Figures.Count(call.UnreadSnapshots, "snapshot")} could not be read, and may have been meant; the rest was done", "See what is damaged: kedge vault check.");
            }
            catch (VaultException problem)
            {
                throw VaultFailure.Of(problem);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                throw new VerbException(ExitCodes.Interrupted, "interrupted", afterInterrupt);
            }
        });
}
