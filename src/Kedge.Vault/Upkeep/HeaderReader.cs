using Kedge.Vault.Crypto;
using Kedge.Vault.Format;

namespace Kedge.Vault.Upkeep;

/// <summary>Reads the headers of packs. One object belongs to one thread.</summary>
internal sealed class HeaderReader(VaultRepository vault) : IDisposable
{
    /// <summary>Holds the header of almost every pack, so that one read is enough.</summary>
    private const int UsualTail = 64 << 10;

    private readonly Sealing sealing = new(vault.Key);
    private readonly List<BlobEntry> entries = [];
    private byte[] tail = new byte[UsualTail];
    private byte[] plain = [];

    /// <summary>The blobs of a stored pack, in the order in which they stand. Valid until the next call.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>, or what the storage says.</exception>
    internal List<BlobEntry> Read(ObjectId pack, long length, CancellationToken cancellation)
    {
        try
        {
            var bytes = ReadTail(pack, length, (int)Math.Min(length, UsualTail), cancellation);
            if (bytes.Length >= PackHeader.TrailerSize)
            {
                var needed = PackHeader.SealedSizeFrom(bytes.Span[^PackHeader.TrailerSize..], length) + PackHeader.TrailerSize;
                if (needed > bytes.Length)
                {
                    bytes = ReadTail(pack, length, needed, cancellation);
                }
            }

            return Decode(bytes.Span, length);
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            throw VaultException.Damaged($"pack {pack.Short}: {problem.Message}", problem.Hint);
        }
    }

    /// <summary>The same from bytes that were read already.</summary>
    /// <param name="end">The whole pack, or as much of its end as holds the header.</param>
    internal List<BlobEntry> Decode(ReadOnlySpan<byte> end, long length)
    {
        var size = end.Length >= PackHeader.TrailerSize ? PackHeader.SealedSizeFrom(end[^PackHeader.TrailerSize..], length) : 0;
        if (size == 0 || size + PackHeader.TrailerSize > end.Length)
        {
            throw VaultException.Damaged($"a pack of {length} bytes: none is so short");
        }

        var header = end[^(size + PackHeader.TrailerSize)..^PackHeader.TrailerSize];
        Grow(ref plain, size);
        var opened = plain.AsSpan(0, size - Sealing.Overhead);
        if (!sealing.TryOpen(header, opened))
        {
            throw VaultException.Damaged("its header is damaged or forged (its MAC is wrong)");
        }

        entries.Clear();
        PackHeader.Decode(opened, length, entries);
        return entries;
    }

    public void Dispose() => sealing.Dispose();

    private Memory<byte> ReadTail(ObjectId pack, long length, int count, CancellationToken cancellation)
    {
        Grow(ref tail, count);
        var bytes = tail.AsMemory(0, count);
        vault.Backend.ReadAsync(new(ObjectKind.Pack, pack), length - count, bytes, cancellation).GetAwaiter().GetResult();
        return bytes;
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<byte>(length);
        }
    }
}
