using System.Collections.Concurrent;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Upkeep;

/// <summary>Which blobs go from which vault into which, and what became of those that were damaged. Safe for many threads.</summary>
/// <param name="asSealed">Whether both vaults have the same key, so that sealed blobs can go as they are.</param>
internal sealed class BlobMove(VaultRepository source, BlobIndex index, BlobSession target, bool asSealed, UpkeepProgress progress)
{
    internal VaultRepository Source => source;

    internal BlobIndex Index => index;

    internal BlobSession Target => target;

    internal bool AsSealed => asSealed;

    internal UpkeepProgress Progress => progress;

    /// <summary>Packs of which something could not be read.</summary>
    internal ConcurrentDictionary<int, VaultException> BadPacks { get; } = new();

    /// <summary>Blobs of which there is no good copy.</summary>
    internal ConcurrentDictionary<BlobName, VaultException> Lost { get; } = new();

    internal void FoundBad(int position, VaultException why, bool isLost)
    {
        progress.Problem();
        BadPacks.TryAdd(index.PackNumberAt(position), why);
        if (isLost)
        {
            Lost.TryAdd(index.EntryAt(position).Name, why);
        }
    }

    /// <summary>Moves the blobs at these positions.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="bytes">How long they are together, sealed.</param>
    internal async Task RunAsync(BitColumn positions, long count, long bytes, CancellationToken cancellation)
    {
        progress.Begin(UpkeepStage.CopyingBlobs, count, bytes);
        await PackFeed.RunAsync(source, PackSpan.Of(index, positions, source.Backend.Traits.IsRemote), () => new BlobTransfer(this, cancellation), cancellation);
    }
}
