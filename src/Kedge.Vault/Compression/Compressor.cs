using System.Runtime.InteropServices;
using Kedge.Vault.Native;

namespace Kedge.Vault.Compression;

/// <summary>Compresses blobs into zstd frames (RFC 8878) that state their content's length. One object belongs to one thread.</summary>
public sealed unsafe class Compressor : IDisposable
{
    private readonly LibZstd.CompressionContext context = LibZstd.ZSTD_createCCtx();
    private CompressionSearch current;

    private Compressor(CompressionSearch search)
    {
        if (context.IsInvalid)
        {
            throw new InvalidOperationException("libzstd made no context");
        }

        Set(LibZstd.ContentSizeFlag, 1);
        Set(LibZstd.ChecksumFlag, 0);
        Search = search;
    }

    /// <summary>How the next frames are made.</summary>
    internal CompressionSearch Search
    {
        set
        {
            if (value != current)
            {
                current = value;
                Set(LibZstd.CompressionLevel, value.Level);
                Set(LibZstd.Strategy, value.Strategy);
                Set(LibZstd.MinimumMatch, value.MinimumMatch);
                Set(LibZstd.HashLog, value.TableLog);
                Set(LibZstd.ChainLog, value.TableLog);
                Set(LibZstd.SearchLog, value.SearchLog);
            }
        }
    }

    /// <param name="level">-5 (fastest) to 19; restic's "auto" is about 3, "max" about 11 and up.</param>
    public static Compressor AtLevel(int level) => new(CompressionSearch.AtLevel(level));

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

    private void Set(int parameter, int value)
    {
        var code = LibZstd.ZSTD_CCtx_setParameter(context, parameter, value);
        if (LibZstd.ZSTD_isError(code) != 0)
        {
            throw new ArgumentException(Marshal.PtrToStringUTF8(LibZstd.ZSTD_getErrorName(code)));
        }
    }
}
