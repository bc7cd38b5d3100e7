using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Kedge.Vault.Crypto;
using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Packing;

/// <summary>A pack while it is being filled: sealed blobs one after another, and at last the header that lists them.</summary>
internal sealed class PackBuffer
{
    /// <summary>A pack is full at about this many bytes, as restic's are.</summary>
    internal const int Target = 16 << 20;

    private readonly Memory<byte> bytes;
    private readonly List<BlobEntry> entries = [];
    private int used;

    internal PackBuffer(int capacity) => bytes = AlignedBuffer.Make(capacity);

    internal int Capacity => bytes.Length;

    internal IReadOnlyList<BlobEntry> Entries => entries;

    internal bool IsEmpty => entries.Count == 0;

    internal bool IsFull => used >= Target;

    /// <summary>As large as a buffer must be to hold a single blob of this sealed length.</summary>
    internal static int CapacityFor(int sealedLength) => checked(sealedLength + SealedHeaderSize(1));

    internal bool HasRoomFor(int sealedLength) =>
        entries.Count < PackHeader.MaximumEntries && (long)used + sealedLength + SealedHeaderSize(entries.Count + 1) <= bytes.Length;

    /// <summary>Adds a sealed blob; the caller has asked <see cref="HasRoomFor"/>.</summary>
    internal void Add(in BlobName name, ReadOnlySpan<byte> sealedBlob, uint plainLength)
    {
        sealedBlob.CopyTo(bytes.Span[used..]);
        entries.Add(new(name, (uint)used, (uint)sealedBlob.Length, plainLength));
        used += sealedBlob.Length;
    }

    /// <summary>Writes the header. The result is the whole pack, valid until <see cref="Clear"/>.</summary>
    internal ReadOnlyMemory<byte> Finish(Sealing sealing)
    {
        var listed = CollectionsMarshal.AsSpan(entries);
        var header = bytes.Span.Slice(used, PackHeader.SizeOf(listed) + Sealing.Overhead);
        var plain = header[Sealing.NonceSize..^Sealing.MacSize];
        PackHeader.Encode(listed, plain);
        sealing.Seal(plain, header);
        var whole = used + header.Length + PackHeader.TrailerSize;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.Span[(used + header.Length)..], (uint)header.Length);
        return bytes[..whole];
    }

    internal void Clear()
    {
        entries.Clear();
        used = 0;
    }

    private static int SealedHeaderSize(int count) => (count * PackHeader.EntrySize) + Sealing.Overhead + PackHeader.TrailerSize;
}
