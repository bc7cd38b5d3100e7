using Kedge.Vault.Compression;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Packing;

/// <summary>
/// Reads blobs, and believes nothing: what it gives out has the SHA-256 by which it was asked for. One object belongs to
/// one thread.
/// </summary>
public sealed class BlobReader : IDisposable
{
    /// <summary>Larger pieces of files nobody makes; a forged index must not exhaust the memory.</summary>
    internal const long MaximumDataLength = 128L << 20;

    /// <summary>The list of a folder with about two million entries.</summary>
    internal const long MaximumTreeLength = 1L << 30;

    private readonly VaultRepository vault;
    private readonly Sealing sealing;
    private readonly Decompressor decompressor = new();
    private byte[] raw = [];
    private byte[] plain = [];

    internal BlobReader(VaultRepository vault)
    {
        this.vault = vault;
        sealing = new(vault.Key);
    }

    /// <summary>Reads a blob from wherever it stands undamaged. The result is valid until the next call.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>, <see cref="VaultFault.Damaged"/>, or what the storage says.</exception>
    public ReadOnlyMemory<byte> Read(BlobIndex index, BlobName name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(index);
        if (!index.TryFind(name, out var place))
        {
            throw new VaultException(VaultFault.NotFound, $"the {name} is in no index", "Run 'kedge vault repair index', then 'kedge vault check'.");
        }

        try
        {
            return Read(place, cancellation);
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            foreach (var other in index.FindAll(name).Where(p => p != place))
            {
                try
                {
                    return Read(other, cancellation);
                }
                catch (VaultException another) when (another.Fault is VaultFault.Damaged or VaultFault.NotFound)
                {
                    // The first one's problem is told, if none is good.
                }
            }

            // As SecondLook has it.
            return Read(place, cancellation);
        }
    }

    /// <summary>Reads a blob from one place. The result is valid until the next call.</summary>
    public ReadOnlyMemory<byte> Read(BlobPlace place, CancellationToken cancellation)
    {
        var length = Checked(place.Entry);
        Grow(ref raw, length);
        var sealedBlob = raw.AsMemory(0, length);
        vault.Backend.ReadAsync(new(ObjectKind.Pack, place.Pack), place.Entry.Offset, sealedBlob, cancellation).GetAwaiter().GetResult();
        return Open(place, sealedBlob.Span);
    }

    /// <summary>Opens a blob that was read already. The result is valid until the next call.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>, with what is wrong and where.</exception>
    internal ReadOnlyMemory<byte> Open(BlobPlace place, ReadOnlySpan<byte> sealedBlob)
    {
        Checked(place.Entry);
        if (sealedBlob.Length != place.Entry.Length)
        {
            throw Damaged(place, "is cut off");
        }

        var content = Decode(place, sealedBlob);
        if (ObjectId.Of(content.Span) != place.Entry.Name.Id)
        {
            throw Damaged(place, "has another content than its name says");
        }

        return content;
    }

    public void Dispose()
    {
        sealing.Dispose();
        decompressor.Dispose();
    }

    private ReadOnlyMemory<byte> Decode(BlobPlace place, ReadOnlySpan<byte> sealedBlob)
    {
        var opened = sealedBlob.Length - Sealing.Overhead;
        var length = (int)place.Entry.ContentLength;
        if (!place.Entry.IsCompressed)
        {
            Grow(ref plain, length);
            return sealing.TryOpen(sealedBlob, plain.AsSpan(0, length)) ? plain.AsMemory(0, length) : throw Forged(place);
        }

        // Compressed content goes behind the room for the plain one.
        Grow(ref plain, length + opened);
        var frame = plain.AsSpan(length, opened);
        if (!sealing.TryOpen(sealedBlob, frame))
        {
            throw Forged(place);
        }

        return decompressor.TryDecompress(frame, plain.AsSpan(0, length))
            ? plain.AsMemory(0, length)
            : throw Damaged(place, $"does not decompress to {length} bytes");
    }

    /// <summary>The stored length, which is not believed where it is absurd.</summary>
    internal static int Checked(in BlobEntry entry)
    {
        var limit = entry.Name.Kind == BlobKind.Tree ? MaximumTreeLength : MaximumDataLength;
        return entry.Length >= Sealing.Overhead && entry.Length <= limit && entry.ContentLength <= limit
            ? (int)entry.Length
            : throw VaultException.Damaged($"the {entry.Name} claims a length of {entry.ContentLength} bytes ({entry.Length} stored)");
    }

    private static VaultException Forged(BlobPlace place) => Damaged(place, "is damaged or forged (its MAC is wrong)");

    private static VaultException Damaged(BlobPlace place, string how) => VaultException.Damaged(
        $"the {place.Entry.Name} in pack {place.Pack.Short} at {place.Entry.Offset} {how}",
        "Run 'kedge vault check --read-data' to see all that is damaged; 'kedge vault repair packs' takes good copies from another vault.");

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            // A few sizes are enough, so that growing leaves little behind.
            buffer = GC.AllocateUninitializedArray<byte>((int)Math.Max(length, Math.Min(2L * buffer.Length, 16 << 20)));
        }
    }
}
