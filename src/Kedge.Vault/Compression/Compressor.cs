using System.Runtime.InteropServices;
using Kedge.Vault.Native;

namespace Kedge.Vault.Compression;

/// <summary>Compresses blobs into zstd frames (RFC 8878) that state their content's length. One object belongs to one thread.</summary>
public sealed unsafe class Compressor : IDisposable
{
    private readonly LibZstd.CompressionContext context = LibZstd.ZSTD_createCCtx();

    /// <param name="level">-5 (fastest) to 19; restic's "auto" is about 3, "max" about 11 and up.</param>
    private Compressor(int level)
    {
        if (context.IsInvalid)
        {
            throw new InvalidOperationException("libzstd made no context");
        }

        Set(LibZstd.CompressionLevel, level);
        Set(LibZstd.ContentSizeFlag, 1);
        Set(LibZstd.ChecksumFlag, 0);
    }

    /// <param name="level">-5 (fastest) to 19; restic's "auto" is about 3, "max" about 11 and up.</param>
    public static Compressor AtLevel(int level) => new(level);

    /// <summary>For pages of rows: level 1's search, for matches of six bytes and more, with a table that stays in the processor's first cache.</summary>
    /// <param name="level">Levels above 3 are taken as they are.</param>
    public static Compressor ForRows(int level)
    {
        const int fast = 1;
        return level is >= 1 and <= 3 ? Tuned(level, fast, minimumMatch: 6, tableLog: 11) : AtLevel(level);
    }

    /// <summary>
    /// For pages of sorted keys of any kind: a lazy search, which the levels do from 6 on, but short. Stores a fifth less than
    /// level 1, at two fifths of its speed.
    /// </summary>
    /// <param name="level">Levels above 6 are taken as they are.</param>
    public static Compressor ForKeys(int level)
    {
        const int lazy = 4;
        return level is >= 1 and <= 6 ? Tuned(level, lazy, minimumMatch: 4, tableLog: 15) : AtLevel(level);
    }

    /// <summary>As many bytes as a frame of this much content can take.</summary>
    public static int Bound(int length) => checked((int)LibZstd.ZSTD_compressBound((nuint)length));

    /// <summary>The frame's length; 0 where it would not fit <paramref name="frame"/>, which is no error.</summary>
    public int Compress(ReadOnlySpan<byte> content, Span<byte> frame)
    {
        fixed (byte* from = content, to = frame)
        {
            var written = LibZstd.ZSTD_compress2(context, to, (nuint)frame.Length, from, (nuint)content.Length);
            return LibZstd.ZSTD_isError(written) == 0 ? (int)written : 0;
        }
    }

    public void Dispose() => context.Dispose();

    private static Compressor Tuned(int level, int strategy, int minimumMatch, int tableLog)
    {
        var made = new Compressor(level);
        made.Set(LibZstd.Strategy, strategy);
        made.Set(LibZstd.MinimumMatch, minimumMatch);
        made.Set(LibZstd.HashLog, tableLog);
        made.Set(LibZstd.ChainLog, tableLog);
        made.Set(LibZstd.SearchLog, 1);
        return made;
    }

    private void Set(int parameter, int value)
    {
        var code = LibZstd.ZSTD_CCtx_setParameter(context, parameter, value);
        if (LibZstd.ZSTD_isError(code) != 0)
        {
            throw new ArgumentException(Marshal.PtrToStringUTF8(LibZstd.ZSTD_getErrorName(code)));
        }
    }
}
