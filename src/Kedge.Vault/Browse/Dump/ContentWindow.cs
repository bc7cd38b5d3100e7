using System.Buffers;
using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Dump;

/// <summary>A stretch of what is written, of which some bytes are there and some are still to be read from packs.</summary>
internal sealed class ContentWindow(int capacity)
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(capacity);

    internal int Length { get; private set; }

    internal int Room => capacity - Length;

    /// <summary>All of it, once it is filled.</summary>
    internal ReadOnlyMemory<byte> Content => buffer.AsMemory(0, Length);

    /// <summary>What is still to be read.</summary>
    internal List<ContentPiece> Pieces { get; } = [];

    /// <summary>Puts in as much as there is room for.</summary>
    /// <returns>How much that was.</returns>
    internal int Add(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Room);
        bytes[..count].CopyTo(buffer.AsSpan(Length));
        Length += count;
        return count;
    }

    internal void Add(ObjectId blob, int length, ListedEntry file)
    {
        Pieces.Add(new(blob, Length, file));
        Length += length;
    }

    /// <summary>Gives a piece its bytes. Pieces do not overlap, so that any thread may give any.</summary>
    internal void Fill(in ContentPiece piece, ReadOnlySpan<byte> content) => content.CopyTo(buffer.AsSpan(piece.Offset, Length - piece.Offset));

    /// <summary>Nobody uses it any more.</summary>
    internal void Release()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        Length = 0;
    }
}
