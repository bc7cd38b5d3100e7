using Kedge.Vault.Native;

namespace Kedge.Vault.Compression;

/// <summary>
/// Compresses pages of sorted keys of one length into zstd frames as any other: what to match is known beforehand, and libzstd
/// has only to write it down. One object belongs to one thread.
/// </summary>
internal sealed unsafe class KeyCompressor : IDisposable
{
    /// <summary>A block of a frame has at most so many bytes (RFC 8878, 3.1.1.2).</summary>
    private const int BlockSize = 128 << 10;

    /// <summary>
    /// The call is in the part of zstd.h that may change: once a process it has to prove that it does what it did. False
    /// where it is missing, too.
    /// </summary>
    private static readonly Lazy<bool> KnowsSequences = new(ProvesSound);

    private readonly LibZstd.CompressionContext context = LibZstd.ZSTD_createCCtx();
    private LibZstd.Sequence[] sequences = [];

    private KeyCompressor()
    {
        const int fast = 1;
        Set(LibZstd.CompressionLevel, 1);
        Set(LibZstd.Strategy, fast);
        Set(LibZstd.MinimumMatch, 3);
        Set(LibZstd.ChecksumFlag, 0);
        Set(LibZstd.BlockDelimiters, 1);
        // Versions that do not know the question answer it with yes.
        _ = LibZstd.ZSTD_CCtx_setParameter(context, LibZstd.SearchForRepeatedOffsets, 1);
    }

    /// <returns>Null where libzstd cannot do it.</returns>
    internal static KeyCompressor? TryMake() => KnowsSequences.Value ? new() : null;

    /// <summary>Whether this is what it is made for.</summary>
    internal static bool Suits(ReadOnlySpan<byte> content) => KeyMatches.AreOfOneLength(content);

    /// <summary>The frame's length; 0 where it would not fit <paramref name="frame"/>, which is no error.</summary>
    /// <param name="content">Anything; it pays only for what <see cref="Suits"/>.</param>
    internal int Compress(ReadOnlySpan<byte> content, Span<byte> frame)
    {
        var most = KeyMatches.Most(content.Length) + (content.Length / BlockSize) + 1;
        if (sequences.Length < most)
        {
            sequences = GC.AllocateUninitializedArray<LibZstd.Sequence>(most, pinned: true);
        }

        fixed (byte* from = content, to = frame)
        fixed (LibZstd.Sequence* found = sequences)
        {
            var count = 0;
            for (var start = 0; start < content.Length; start += BlockSize)
            {
                count += KeyMatches.Find(from, start, Math.Min(start + BlockSize, content.Length), found + count);
            }

            var written = LibZstd.ZSTD_compressSequences(context, to, (nuint)frame.Length, found, (nuint)count, from, (nuint)content.Length);
            return LibZstd.ZSTD_isError(written) == 0 ? (int)written : 0;
        }
    }

    public void Dispose() => context.Dispose();

    private void Set(int parameter, int value)
    {
        if (LibZstd.ZSTD_isError(LibZstd.ZSTD_CCtx_setParameter(context, parameter, value)) != 0)
        {
            throw new NotSupportedException($"libzstd does not know parameter {parameter}");
        }
    }

    private static bool ProvesSound()
    {
        try
        {
            using var compressor = new KeyCompressor();
            using var decompressor = new Decompressor();
            var pages = KeySpecimen.Make();
            var frame = new byte[pages.Length];
            var length = compressor.Compress(pages, frame);
            var back = new byte[pages.Length];
            return length > 0 && length < pages.Length / 2
                && decompressor.TryDecompress(frame.AsSpan(0, length), back) && back.AsSpan().SequenceEqual(pages);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or NotSupportedException)
        {
            return false;
        }
    }
}
