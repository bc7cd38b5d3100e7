using System.Net;
using System.Text;
using Kedge.Vault;
using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace VaultLibrary;

internal static class BackingUp
{
    /// <summary>Backs up whatever a stream yields, as the one file of a snapshot. It is read once, and nothing is kept on disk.</summary>
    public static async Task<ObjectId> StreamAsync(VaultRepository vault, Stream content, string name, CancellationToken cancellation)
    {
        await using var taken = await Opening.LockAsync(vault, cancellation);
        var wanted = new BackupWanted
        {
            Paths = [Encoding.UTF8.GetBytes(name)],
            Stream = content,
            Hostname = Dns.GetHostName(),
            Username = Environment.UserName,
            Tags = ["example"],
        };
        return (await VaultBackup.RunAsync(vault, wanted, taken, cancellation)).Snapshot!.Value;
    }

    /// <summary>Backs up a folder; what has not changed since its last snapshot is not read again.</summary>
    public static async Task<ObjectId> FolderAsync(VaultRepository vault, string folder, CancellationToken cancellation)
    {
        await using var taken = await Opening.LockAsync(vault, cancellation);
        var wanted = new BackupWanted
        {
            Paths = [Encoding.UTF8.GetBytes(folder)],
            Hostname = Dns.GetHostName(),
            Username = Environment.UserName,
            OnProblem = problem => Console.Error.WriteLine($"{problem.Path}: {problem.What}"),
        };
        var all = await SnapshotSurvey.ListAsync(vault, cancellation);
        var parent = ParentChoice.For(wanted, all.Snapshots, SnapshotGrouping.Usual, TimeProvider.System.GetUtcNow());
        wanted = wanted with { Parent = parent is null ? null : (parent.Id, parent.File) };
        return (await VaultBackup.RunAsync(vault, wanted, taken, cancellation)).Snapshot!.Value;
    }
}
