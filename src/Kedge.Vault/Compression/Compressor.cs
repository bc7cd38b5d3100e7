using System.Runtime.InteropServices;
using Kedge.Vault.Native;

namespace Kedge.Vault.Compression;

/// <summary>Compresses blobs into zstd frames (RFC 8878) that state their content's length. One object belongs to one thread.</summary>
public sealed unsafe class Compressor : IDisposable
{
    private readonly LibZstd.CompressionContext context = LibZstd.ZSTD_createCCtx();

    /// <param name="level">-5 (fastest) to 19; restic's "auto" is about 3, "max" about 11 and up.</param>
    public Compressor(int level)
    {
        if (context.IsInvalid)
        {
            throw new InvalidOperationException("libzstd made no context");
        }

        Check(LibZstd.ZSTD_CCtx_setParameter(context, LibZstd.CompressionLevel, level));
        Check(LibZstd.ZSTD_CCtx_setParameter(context, LibZstd.ContentSizeFlag, 1));
        Check(LibZstd.ZSTD_CCtx_setParameter(context, LibZstd.ChecksumFlag, 0));
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

    private static void Check(nuint code)
    {
        if (LibZstd.ZSTD_isError(code) != 0)
        {
            throw new ArgumentException(Marshal.PtrToStringUTF8(LibZstd.ZSTD_getErrorName(code)));
        }
    }
}
