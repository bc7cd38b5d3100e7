using System.Text;
using Kedge.Vault;
using Kedge.Vault.Browse;
using Kedge.Vault.Restore;
using Kedge.Vault.Snapshots;

namespace VaultLibrary;

internal static class Restoring
{
    /// <summary>Restores the newest snapshot of a folder, as it is called there, into another one.</summary>
    /// <returns>How many bytes were written: those that were not there already.</returns>
    public static async Task<long> FolderAsync(VaultRepository vault, string folder, string target, CancellationToken cancellation)
    {
        var newest = await SnapshotChoice.OneAsync(vault, "latest", new SnapshotFilter { Paths = [folder] }, cancellation);
        var index = await vault.LoadIndexAsync(cancellation);
        var wanted = new RestoreWanted
        {
            Tree = await TreeLookup.FolderAsync(vault, index, newest.Snapshot.File.Tree, folder, cancellation),
            Target = Encoding.UTF8.GetBytes(target),
            OnProblem = problem => Console.Error.WriteLine($"{problem.Path}: {problem.What}"),
        };
        await VaultRestore.RunAsync(vault, index, wanted, cancellation);
        return wanted.Progress.BytesDone - wanted.Progress.BytesKept;
    }

    /// <summary>Writes a file of the newest snapshot that has it to a stream, each byte verified before it is written.</summary>
    public static async Task ToStreamAsync(VaultRepository vault, string name, Stream target, CancellationToken cancellation)
    {
        var newest = await SnapshotChoice.OneAsync(vault, "latest", new SnapshotFilter { Paths = ["/" + name] }, cancellation);
        var index = await vault.LoadIndexAsync(cancellation);
        await VaultDump.RunAsync(vault, index, newest.Snapshot.File.Tree, Encoding.UTF8.GetBytes(name), new DumpWanted(), target, cancellation);
    }
}
