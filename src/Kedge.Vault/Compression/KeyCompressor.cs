using Kedge.Vault.Native;

namespace Kedge.Vault.Compression;

/// <summary>
/// Compresses pages of sorted keys into zstd frames as any other. Where all keys have one length, what to match is known
/// beforehand, and libzstd has only to write it down. One object belongs to one thread.
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

    private readonly Compressor lazy;
    private readonly LibZstd.CompressionContext? context;
    private LibZstd.Sequence[] sequences = [];

    /// <param name="level">Levels above 6 do better than this, and are taken as they are.</param>
    internal KeyCompressor(int level) : this(level, level is >= 1 and <= 6 && KnowsSequences.Value)
    {
    }

    private KeyCompressor(int level, bool bySequences)
    {
        lazy = Compressor.ForKeys(level);
        context = bySequences ? MakeContext() : null;
    }

    /// <summary>The frame's length; 0 where it would not fit <paramref name="frame"/>, which is no error.</summary>
    internal int Compress(ReadOnlySpan<byte> content, Span<byte> frame)
    {
        var length = context is not null && KeyMatches.AreOfOneLength(content) ? CompressBySequences(content, frame) : 0;
        return length > 0 ? length : lazy.Compress(content, frame);
    }

    /// <summary>The same for any content at all; it pays only for what the matches are made for.</summary>
    internal int CompressBySequences(ReadOnlySpan<byte> content, Span<byte> frame)
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

            var written = LibZstd.ZSTD_compressSequences(context!, to, (nuint)frame.Length, found, (nuint)count, from, (nuint)content.Length);
            return LibZstd.ZSTD_isError(written) == 0 ? (int)written : 0;
        }
    }

    public void Dispose()
    {
        lazy.Dispose();
        context?.Dispose();
    }

    private static LibZstd.CompressionContext MakeContext()
    {
        const int fast = 1;
        var made = LibZstd.ZSTD_createCCtx();
        Set(made, LibZstd.CompressionLevel, 1);
        Set(made, LibZstd.Strategy, fast);
        Set(made, LibZstd.MinimumMatch, 3);
        Set(made, LibZstd.ChecksumFlag, 0);
        Set(made, LibZstd.BlockDelimiters, 1);
        // Versions that do not know the question answer it with yes.
        _ = LibZstd.ZSTD_CCtx_setParameter(made, LibZstd.SearchForRepeatedOffsets, 1);
        return made;
    }

    private static void Set(LibZstd.CompressionContext context, int parameter, int value)
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
            using var compressor = new KeyCompressor(1, bySequences: true);
            using var decompressor = new Decompressor();
            var pages = KeySpecimen.Make();
            var frame = new byte[pages.Length];
            var length = compressor.CompressBySequences(pages, frame);
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
