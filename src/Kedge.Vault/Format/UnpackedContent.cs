using System.Buffers;
using Kedge.Vault.Compression;

namespace Kedge.Vault.Format;

/// <summary>
/// Between the JSON of an index, a snapshot or a lock and what of it is sealed: version 2 of the format compresses it, and
/// says so by its first byte (restic, doc/design.rst "Unpacked Data Format"). The config is always plain and does not go
/// through here, nor does a key. One object belongs to one thread.
/// </summary>
/// <param name="version">The vault's version of the format.</param>
internal sealed class UnpackedContent(int version) : IDisposable
{
    private const byte Compressed = 2;
    private const int Level = 3;

    /// <summary>A block of a frame (RFC 8878, section 3.1.1.2) has at least three bytes and at most so much content.</summary>
    private const long LargestBlock = 128 * 1024;
    private const int SmallestBlock = 3;
    private const int FirstGuess = 4096;

    private readonly Decompressor decompressor = new();
    private Compressor? compressor;
    private byte[] buffer = [];

    /// <summary>The JSON of what was sealed.</summary>
    /// <param name="stored">May be forged.</param>
    /// <param name="limit">No more bytes of JSON than this: what decompresses to more is refused.</param>
    /// <returns>A part of <paramref name="stored"/>, or memory of this object's until its next use.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> stored, int limit)
    {
        if (stored.IsEmpty)
        {
            throw VaultException.Damaged("an object without content");
        }

        var plain = version < 2 || stored.Span[0] is (byte)'{' or (byte)'[';
        return plain ? stored.Length <= limit ? stored : throw TooLarge(limit)
            : stored.Span[0] == Compressed ? Decompress(stored.Span[1..], limit)
            : throw VaultException.Damaged($"an object in an encoding that is not known ({stored.Span[0]})");
    }

    /// <summary>What is to be sealed, of JSON that begins with a brace or a bracket.</summary>
    /// <returns>Memory of this object's until its next use, or the JSON itself.</returns>
    public ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json)
    {
        if (version < 2)
        {
            return json;
        }

        compressor ??= Compressor.AtLevel(Level);
        Need(Compressor.Bound(json.Length) + 1);
        buffer[0] = Compressed;
        var length = compressor.Compress(json.Span, buffer.AsSpan(1));
        return length > 0 ? buffer.AsMemory(0, length + 1) : json;
    }

    public void Dispose()
    {
        decompressor.Dispose();
        compressor?.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private ReadOnlyMemory<byte> Decompress(ReadOnlySpan<byte> frame, int limit)
    {
        // A frame that lies about its length must not make anybody set memory aside for it.
        var possible = Math.Min(limit, ((frame.Length / SmallestBlock) + 1) * LargestBlock);
        if (Decompressor.TryGetContentLength(frame, out var stated))
        {
            if (stated > possible)
            {
                throw stated > limit ? TooLarge(limit) : Broken();
            }

            Need((int)stated);
            return decompressor.TryDecompress(frame, buffer.AsSpan(0, (int)stated)) ? buffer.AsMemory(0, (int)stated) : throw Broken();
        }

        // restic states it from 256 bytes on, rustic never.
        for (var guess = Math.Max(FirstGuess, 8L * frame.Length); ; guess *= 4)
        {
            var room = (int)Math.Min(guess, possible);
            Need(room);
            switch (decompressor.Decompress(frame, buffer.AsSpan(0, room), out var length))
            {
                case OperationStatus.Done when length > 0:
                    return buffer.AsMemory(0, length);
                case OperationStatus.DestinationTooSmall when room < possible:
                    break;
                case OperationStatus.DestinationTooSmall when room == limit:
                    throw TooLarge(limit);
                default:
                    throw Broken();
            }
        }
    }

    private void Need(int length)
    {
        if (buffer.Length < length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            buffer = ArrayPool<byte>.Shared.Rent(length);
        }
    }

    private static VaultException TooLarge(int limit) => VaultException.Damaged($"an object of more than {limit} bytes");

    private static VaultException Broken() => VaultException.Damaged("an object that does not decompress");
}
