using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Kedge.Vault.Crypto;

namespace Kedge.Vault.Format;

/// <summary>
/// The list of its blobs at the end of a pack: <c>blobs ‖ sealed header ‖ length of the sealed header (4, little endian)</c>
/// (restic, doc/design.rst "Pack Format"). The blobs stand in the header's order, without gaps, from the pack's beginning.
/// </summary>
internal static class PackHeader
{
    /// <summary>The last bytes of a pack, which hold the length of its sealed header.</summary>
    internal const int TrailerSize = sizeof(uint);

    /// <summary>A sealed header may be no longer than this; restic reads no longer one.</summary>
    internal const int MaximumSealedSize = 16 * 1024 * 1024;

    /// <summary>An entry of a blob that is compressed, and of one that is not: kind, length, length before compression, id.</summary>
    internal const int EntrySize = PlainEntrySize + sizeof(uint);
    internal const int PlainEntrySize = 1 + sizeof(uint) + ObjectId.Size;

    /// <summary>How many blobs fit a pack, whatever they are.</summary>
    internal const int MaximumEntries = (MaximumSealedSize - Sealing.Overhead) / EntrySize;

    /// <summary>No pack is shorter: one blob without content, and its header.</summary>
    internal const int SmallestPack = Sealing.Overhead + PlainEntrySize + Sealing.Overhead + TrailerSize;

    private const byte CompressedFlag = 2;

    /// <summary>The length of the sealed header, which stands before the trailer.</summary>
    /// <param name="trailer">The last <see cref="TrailerSize"/> bytes of the pack.</param>
    /// <param name="packLength">The whole pack's, in bytes.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    internal static int SealedSizeFrom(ReadOnlySpan<byte> trailer, long packLength)
    {
        if (packLength < SmallestPack)
        {
            throw VaultException.Damaged($"a pack of {packLength} bytes: none is so short");
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        return size is >= Sealing.Overhead + PlainEntrySize and <= MaximumSealedSize && size + TrailerSize < packLength
            ? (int)size
            : throw VaultException.Damaged($"a pack of {packLength} bytes that states a header of {size}");
    }

    /// <summary>Adds the pack's blobs to <paramref name="entries"/>, in the order in which they stand.</summary>
    /// <param name="header">Opened.</param>
    /// <param name="packLength">The whole pack's, in bytes: blobs, header and trailer must be exactly so long.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>; nothing was added then.</exception>
    internal static void Decode(ReadOnlySpan<byte> header, long packLength, List<BlobEntry> entries)
    {
        var before = entries.Count;
        try
        {
            var end = Take(header, entries);
            var expected = packLength - TrailerSize - Sealing.Overhead - header.Length;
            if (end != expected)
            {
                throw VaultException.Damaged($"a pack with room for {expected} bytes of blobs whose header lists {end}");
            }
        }
        catch (VaultException)
        {
            CollectionsMarshal.SetCount(entries, before);
            throw;
        }
    }

    /// <summary>Bytes of the header for these blobs, before it is sealed.</summary>
    internal static int SizeOf(ReadOnlySpan<BlobEntry> entries)
    {
        var size = 0;
        foreach (ref readonly var entry in entries)
        {
            size += entry.IsCompressed ? EntrySize : PlainEntrySize;
        }

        return size;
    }

    /// <param name="entries">As they stand in the pack: each where the one before it ends.</param>
    /// <param name="header">Exactly <see cref="SizeOf"/> bytes.</param>
    /// <exception cref="ArgumentException">They do not stand so.</exception>
    internal static void Encode(ReadOnlySpan<BlobEntry> entries, Span<byte> header)
    {
        long end = 0;
        foreach (ref readonly var entry in entries)
        {
            if (entry.Offset != end)
            {
                throw new ArgumentException($"A blob stands at {entry.Offset}; the one before it ends at {end}.", nameof(entries));
            }

            end += entry.Length;
            header[0] = (byte)((byte)entry.Name.Kind | (entry.IsCompressed ? CompressedFlag : 0));
            BinaryPrimitives.WriteUInt32LittleEndian(header[1..], entry.Length);
            header = header[(1 + sizeof(uint))..];
            if (entry.IsCompressed)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(header, entry.PlainLength);
                header = header[sizeof(uint)..];
            }

            entry.Name.Id.Bytes.CopyTo(header);
            header = header[ObjectId.Size..];
        }
    }

    /// <returns>Where the last blob ends.</returns>
    private static long Take(ReadOnlySpan<byte> header, List<BlobEntry> entries)
    {
        long end = 0;
        while (!header.IsEmpty)
        {
            var type = header[0];
            var size = type < CompressedFlag ? PlainEntrySize : EntrySize;
            if (type > 3 || header.Length < size)
            {
                throw VaultException.Damaged(type > 3 ? $"a pack's header with a blob of the kind {type}" : "a pack's header that is cut off");
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(header[1..]);
            var plainLength = type < CompressedFlag ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(header[(1 + sizeof(uint))..]);
            if (length < Sealing.Overhead || (type >= CompressedFlag && plainLength == 0) || end + length > uint.MaxValue)
            {
                throw VaultException.Damaged($"a pack's header with a blob of {length} bytes at {end}, of {plainLength} before compression");
            }

            var id = new ObjectId(header.Slice(size - ObjectId.Size, ObjectId.Size));
            entries.Add(new(new((BlobKind)(type & 1), id), (uint)end, length, plainLength));
            end += length;
            header = header[size..];
        }

        return end;
    }
}
