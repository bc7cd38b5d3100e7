using Kedge.Vault.Compression;
using Kedge.Vault.Format;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Upkeep;

/// <summary>
/// Takes blobs out of packs into new ones. Each is opened and its content's hash taken, so that no damage spreads; what is
/// stored is the sealed blob as it was where both vaults have the same key, which costs neither compression nor encryption.
/// </summary>
internal sealed class BlobTransfer(BlobMove move, CancellationToken cancellation) : IPackWorker
{
    private readonly BlobReader reader = move.Source.OpenReader();
    private readonly BlobWriter writer = new(move.Target);

    public void Work(PackSpan span, ReadOnlyMemory<byte> bytes)
    {
        foreach (var position in span.Positions)
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = move.Index.EntryAt(position);
            try
            {
                Store(entry, span.Part(bytes, entry).Span, reader.Open(new(span.Id, entry), span.Part(bytes, entry).Span).Span);
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                TakeOtherCopy(position, problem);
            }

            move.Progress.Step(entry.Length);
        }
    }

    public void Unreadable(PackSpan span, VaultException why)
    {
        foreach (var position in span.Positions)
        {
            TakeOtherCopy(position, why);
            move.Progress.Step(move.Index.EntryAt(position).Length);
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        writer.Dispose();
    }

    private void Store(in BlobEntry entry, ReadOnlySpan<byte> sealedBlob, ReadOnlySpan<byte> content)
    {
        if (!move.AsSealed || (entry.IsCompressed && move.Target.Vault.Config.Version < 2))
        {
            writer.Store(entry.Name, content, ContentKind.Ordinary);
        }
        else if (move.Target.TryClaim(entry.Name))
        {
            move.Target.Add(entry.Name, sealedBlob, entry.PlainLength, content.Length);
        }
    }

    private void TakeOtherCopy(int position, VaultException why)
    {
        var entry = move.Index.EntryAt(position);
        try
        {
            writer.Store(entry.Name, reader.Read(move.Index, entry.Name, cancellation).Span, ContentKind.Ordinary);
            move.FoundBad(position, why, isLost: false);
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            move.FoundBad(position, why, isLost: true);
        }
    }
}
