using Kedge.Vault.Format;

namespace Kedge.Vault.Packing;

/// <summary>Fills packs with blobs of one kind: restic keeps trees and data apart, so that trees can be read without data. Safe for many threads.</summary>
internal sealed class PackFiller(PackUploads uploads)
{
    private readonly Lock gate = new();
    private PackBuffer? current;

    internal void Add(in BlobName name, ReadOnlySpan<byte> sealedBlob, uint plainLength)
    {
        PackBuffer? done = null;
        lock (gate)
        {
            if (current is not null && !current.HasRoomFor(sealedBlob.Length))
            {
                done = current;
                current = null;
            }

            current ??= sealedBlob.Length > PackBuffer.Target ? new(PackBuffer.CapacityFor(sealedBlob.Length)) : uploads.Rent();
            current.Add(name, sealedBlob, plainLength);
            if (current.IsFull && done is null)
            {
                done = current;
                current = null;
            }
        }

        if (done is not null)
        {
            uploads.Send(done);
        }
    }

    /// <summary>Sends what is there, however little.</summary>
    internal void Flush()
    {
        PackBuffer? done;
        lock (gate)
        {
            done = current;
            current = null;
        }

        if (done is not null)
        {
            uploads.Send(done);
        }
    }
}
