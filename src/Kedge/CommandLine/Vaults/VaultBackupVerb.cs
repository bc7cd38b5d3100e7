using System.CommandLine;
using System.Text;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Vault;
using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault backup</c>: files and folders into a new snapshot.</summary>
internal static class VaultBackupVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files and folders.", Arity = ArgumentArity.OneOrMore };
        var verb = new Verb("backup", "Back files and folders up into a new snapshot.")
        {
            Examples = [new("kedge vault backup --repo /mnt/backup/vault --password-file /etc/kedge/vault.password /etc /srv", "Two folders.")],
            Exits = [],
        };
        verb.Arguments.Add(paths);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(cancellation);
            await using var taken = await VaultLock.BeginAsync(vault, call.Holder, exclusive: false, TimeSpan.Zero, cancellation);
            var wanted = new BackupWanted
            {
                Paths = [.. call.Call.Get(paths)!.Select(Encoding.UTF8.GetBytes)],
                Hostname = call.Holder.Hostname,
                Username = call.Holder.Username,
                UserId = call.Holder.UserId,
                GroupId = call.Holder.GroupId,
                OnProblem = p => host.Error.WriteLine($"{p.Path}: {p.What}"),
            };
            wanted = wanted with { Parent = await ParentAsync(vault, call, wanted, cancellation) };
            var outcome = await VaultBackup.RunAsync(vault, wanted, taken, cancellation);
            call.Call.Terminal.Show([Styled.Good("saved ") + $"snapshot {outcome.Snapshot?.Short}"]);
            return outcome.Problems > 0 ? VaultExits.Incomplete : ExitCodes.Fine;
        });
    }

    private static async Task<(ObjectId, SnapshotFile)?> ParentAsync(VaultRepository vault, VaultCall call, BackupWanted wanted, CancellationToken cancellation)
    {
        var paths = wanted.Paths.Select(p => Path.GetFullPath(Encoding.UTF8.GetString(p), call.Call.Host.Folder)).Order(StringComparer.Ordinal).ToList();
        (ObjectId Id, SnapshotFile File)? newest = null;
        foreach (var stored in await vault.ListAsync(ObjectKind.Snapshot, cancellation))
        {
            var file = SnapshotFile.Parse(await vault.LoadAsync(ObjectKind.Snapshot, stored.Name.Id, cancellation));
            if (file.Hostname == wanted.Hostname && file.Paths.Order(StringComparer.Ordinal).SequenceEqual(paths) && (newest is null || file.Time > newest.Value.File.Time))
            {
                newest = (stored.Name.Id, file);
            }
        }

        return newest;
    }
}
