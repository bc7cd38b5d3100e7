using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault;
using Kedge.Vault.Format;
using Kedge.Vault.Memory;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults.Opening;

/// <summary>
/// What this machine remembers of a vault, so that it notices when the storage puts back an older state. Where nothing can be
/// kept that is said, and the command goes on: a full disk at home must not stop a backup.
/// </summary>
internal sealed class Recall
{
    private readonly VaultOutput output;
    private readonly VaultMemory? memory;

    private Recall(VaultOutput output, VaultMemory? memory) => (this.output, this.memory) = (output, memory);

    /// <summary>Holds the vault against what is remembered of it.</summary>
    /// <param name="accepts">Whether the person says that it is right as it is.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.RolledBack"/>; what the storage says.</exception>
    public static async Task<Recall> BeginAsync(VaultRepository vault, VaultOutput output, bool accepts, CancellationToken cancellation)
    {
        VaultMemory memory;
        try
        {
            memory = await VaultMemory.OpenAsync(vault, MemoryPlace.Usual(output.Host.Environment), cancellation);
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.FileSystem or VaultFault.Misuse)
        {
            if (output.IsVerbose)
            {
                output.Remark(Styled.Quiet($"nothing is remembered of this vault: {problem.Message}"));
            }

            return new(output, null);
        }

        var recall = new Recall(output, memory);
        if (memory.Problem is { } odd)
        {
            output.Remark(Styled.Warning(odd));
        }

        if (accepts)
        {
            await recall.KeepAsync(() => memory.AcceptAsync(cancellation));
            return recall;
        }

        foreach (var taken in (await memory.CheckAsync(cancellation)).Taken)
        {
            output.Problem(null, $"a snapshot that this machine remembers is gone, and it did not remove it: {taken}", "remember");
        }

        return recall;
    }

    /// <summary>Remembers what was seen.</summary>
    /// <param name="all">All snapshots of the vault.</param>
    public Task SawAsync(SnapshotList all, CancellationToken cancellation) => KeepAsync(() => memory!.RememberAsync(all, cancellation));

    public Task WroteAsync(StoredSnapshot snapshot, CancellationToken cancellation) => KeepAsync(() => memory!.RememberWrittenAsync(snapshot, cancellation));

    /// <summary>Before snapshots are removed.</summary>
    public Task WillRemoveAsync(IReadOnlyCollection<ObjectId> snapshots, CancellationToken cancellation) =>
        KeepAsync(() => memory!.AnnounceRemovalAsync(snapshots, cancellation));

    public Task RemovedAsync(IReadOnlyCollection<ObjectId> snapshots, CancellationToken cancellation) =>
        KeepAsync(() => memory!.RememberRemovedAsync(snapshots, cancellation));

    public Task RemovedKeyAsync(ObjectId key, CancellationToken cancellation) => KeepAsync(() => memory!.RememberRemovedKeyAsync(key, cancellation));

    private async Task KeepAsync(Func<Task> keep)
    {
        if (memory is null)
        {
            return;
        }

        try
        {
            await keep();
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.FileSystem)
        {
            output.Remark(Styled.Warning($"what was seen of the vault cannot be remembered: {problem.Message}"));
        }
    }
}
