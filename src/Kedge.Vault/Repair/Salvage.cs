using Kedge.Vault.Compression;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Repair;

/// <summary>Saves blobs: out of damaged packs, or from another vault. Each is verified. One object belongs to one thread.</summary>
internal sealed class Salvage : IDisposable
{
    private readonly VaultRepository vault;
    private readonly BlobIndex index;
    private readonly HashSet<ObjectId> damaged;
    private readonly BlobSession session;
    private readonly BlobIndex? foreign;
    private readonly CancellationToken cancellation;
    private readonly BlobReader reader;
    private readonly BlobReader? foreignReader;
    private readonly BlobWriter writer;
    private readonly HeaderReader headers;
    private readonly HashSet<BlobName> settled = [];

    internal Salvage(
        VaultRepository vault, BlobIndex index, HashSet<ObjectId> damaged, BlobSession session, VaultRepository? from, BlobIndex? foreign, CancellationToken cancellation)
    {
        (this.vault, this.index, this.damaged, this.session, this.foreign, this.cancellation) = (vault, index, damaged, session, foreign, cancellation);
        reader = vault.OpenReader();
        foreignReader = from?.OpenReader();
        writer = new(session);
        headers = new(vault);
    }

    internal int Saved { get; private set; }

    internal int HadCopies { get; private set; }

    internal int Taken { get; private set; }

    /// <summary>Blobs of which no good copy was found.</summary>
    internal HashSet<BlobName> Lost { get; } = [];

    /// <summary>Saves what is good of a pack, and looks elsewhere for what is not.</summary>
    internal async Task SaveAsync(ObjectId pack)
    {
        foreach (var entry in await EntriesAsync(pack))
        {
            cancellation.ThrowIfCancellationRequested();
            if (settled.Contains(entry.Name))
            {
                continue;
            }

            if (HasCopy(entry.Name))
            {
                HadCopies++;
                settled.Add(entry.Name);
            }
            else if (TrySave(new(pack, entry)))
            {
                Saved++;
                settled.Add(entry.Name);
                Lost.Remove(entry.Name);
            }
            else if (!TryTake(entry.Name, out _))
            {
                // Another damaged pack may have a good copy yet.
                Lost.Add(entry.Name);
            }
        }
    }

    /// <summary>Whether a blob stands in a pack of this vault that is not damaged, or was saved.</summary>
    internal bool Has(in BlobName blob) => settled.Contains(blob) || HasPlace(blob);

    /// <summary>Takes a blob from the other vault.</summary>
    /// <param name="content">Valid until the next call.</param>
    internal bool TryTake(in BlobName blob, out ReadOnlyMemory<byte> content)
    {
        content = default;
        if (foreignReader is null || foreign is null)
        {
            return false;
        }

        try
        {
            content = foreignReader.Read(foreign, blob, cancellation);
            Taken += writer.Store(blob, content.Span, ContentKind.Ordinary) ? 1 : 0;
            settled.Add(blob);
            Lost.Remove(blob);
            return true;
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            return false;
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        foreignReader?.Dispose();
        writer.Dispose();
        headers.Dispose();
    }

    /// <summary>What the index says that the pack holds, and what its header says.</summary>
    private async Task<IEnumerable<BlobEntry>> EntriesAsync(ObjectId pack)
    {
        var indexed = index.PackNumbers(pack).SelectMany(n => Positions(n)).Select(index.EntryAt);
        try
        {
            var length = await vault.Backend.LengthAsync(new(ObjectKind.Pack, pack), cancellation);
            return [.. indexed.Concat(headers.Read(pack, length, cancellation)).Distinct()];
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            return [.. indexed.Distinct()];
        }
    }

    private IEnumerable<int> Positions(int pack)
    {
        var (position, end) = index.RangeOf(pack);
        return Enumerable.Range(position, end - position).Where(index.IsBlob);
    }

    private bool TrySave(BlobPlace place)
    {
        try
        {
            writer.Store(place.Entry.Name, reader.Read(place, cancellation).Span, ContentKind.Ordinary);
            return true;
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            return false;
        }
    }

    private bool HasPlace(in BlobName blob) => index.FindAll(blob).Any(p => !damaged.Contains(p.Pack));

    private bool HasCopy(in BlobName blob)
    {
        foreach (var place in index.FindAll(blob).Where(p => !damaged.Contains(p.Pack)))
        {
            try
            {
                reader.Read(place, cancellation);
                return true;
            }
            catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
            {
                // That pack is damaged too, and was not named.
            }
        }

        return false;
    }
}
