using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Backup;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault backup</c>: files and folders into a new snapshot.</summary>
internal static class VaultBackupVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var sources = new SourceOptions();
        var snapshot = new NewSnapshotOptions();
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Do it all but write nothing; with -vv also say what would happen to each file." };
        var noScan = new Option<bool>("--no-scan") { Description = "Do not count beforehand how much there is; the time that is left is then not told on a first backup." };
        var verb = new Verb("backup", "Back files and folders up into a new snapshot.")
        {
            Group = "Back up and restore",
            More =
            [
                "What a snapshot before has, of the same host and paths, is not read again where size, times and inode are the same. What is in the vault already is not stored again, whoever stored it.",
                "It needs no right to remove or overwrite anything but its own lock. Interrupted, it leaves the vault whole, and the next one goes on from what was stored.",
            ],
            Examples =
            [
                new("kedge vault backup --repo /mnt/backup/vault --password-file /etc/kedge/vault.password /etc /srv", "Two folders."),
                new("kedge vault backup /home --exclude '*.tmp' --exclude-caches --tag nightly", "With the vault from the environment, and not everything."),
                new("kedge vault backup --stdin-from-command --stdin-filename orders.sql -- pg_dump orders", "What a program prints; no snapshot if it fails."),
                new("kedge vault backup /srv --dry-run -vv", "What would be new?"),
            ],
            Exits = [VaultExits.Incomplete, .. VaultExits.OfWorking],
        };
        sources.AddTo(verb);
        snapshot.AddTo(verb);
        verb.Options.Add(dryRun);
        verb.Options.Add(noScan);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            var wanted = sources.Apply(snapshot.Begin(call), call, cancellation);
            await using var stream = wanted.Stream;
            await using var vault = await call.OpenAsync(call.Get(dryRun), cancellation);
            await using var taken = call.Get(dryRun) ? null : await call.BeginLockAsync(vault, exclusive: false, cancellation);
            var report = new BackupReport(call.Output, call.Get(dryRun));
            wanted = report.Attach(wanted with { Parent = await snapshot.ParentAsync(call, vault, wanted, cancellation) });
            var outcome = await report.FollowAsync(wanted, counts: !call.Get(noScan), () => VaultBackup.RunAsync(vault, wanted, taken, cancellation), cancellation);
            if (outcome.Snapshot is { } id && !call.Get(dryRun))
            {
                await call.Memory.WroteAsync(new(id, outcome.File), cancellation);
            }

            return report.Show();
        }, "What was stored so far is kept, and the next backup goes on from there.");
    }
}
