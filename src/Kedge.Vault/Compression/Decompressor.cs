using System.Buffers;
using Kedge.Vault.Native;

namespace Kedge.Vault.Compression;

/// <summary>Opens zstd frames (RFC 8878) that somebody else may have forged. One object belongs to one thread.</summary>
public sealed unsafe class Decompressor : IDisposable
{
    private const ulong Unknown = ulong.MaxValue;
    private const ulong Unreadable = ulong.MaxValue - 1;

    private readonly LibZstd.DecompressionContext context = LibZstd.ZSTD_createDCtx();

    public Decompressor()
    {
        if (context.IsInvalid)
        {
            throw new InvalidOperationException("libzstd made no context");
        }
    }

    /// <summary>Decompresses into exactly <paramref name="content"/>: never more, whatever the frame says.</summary>
    /// <returns>False where the frame is damaged, or its content longer or shorter.</returns>
    public bool TryDecompress(ReadOnlySpan<byte> frame, Span<byte> content)
    {
        fixed (byte* from = frame, to = content)
        {
            var written = LibZstd.ZSTD_decompressDCtx(context, to, (nuint)content.Length, from, (nuint)frame.Length);
            return LibZstd.ZSTD_isError(written) == 0 && written == (nuint)content.Length;
        }
    }

    /// <summary>Decompresses into the beginning of <paramref name="content"/>, for frames that do not state their content's length.</summary>
    /// <returns><see cref="OperationStatus.Done"/>; <see cref="OperationStatus.DestinationTooSmall"/> where it did not fit, which
    /// a damaged frame may claim too; <see cref="OperationStatus.InvalidData"/>.</returns>
    public OperationStatus Decompress(ReadOnlySpan<byte> frame, Span<byte> content, out int length)
    {
        fixed (byte* from = frame, to = content)
        {
            var written = LibZstd.ZSTD_decompressDCtx(context, to, (nuint)content.Length, from, (nuint)frame.Length);
            var failed = LibZstd.ZSTD_isError(written) != 0;
            length = failed ? 0 : (int)written;
            return !failed ? OperationStatus.Done
                : LibZstd.ZSTD_getErrorCode(written) == LibZstd.OutputTooSmall ? OperationStatus.DestinationTooSmall : OperationStatus.InvalidData;
        }
    }

    /// <summary>The length that the frame states for its content, where it states one.</summary>
    public static bool TryGetContentLength(ReadOnlySpan<byte> frame, out long length)
    {
        fixed (byte* from = frame)
        {
            var stated = LibZstd.ZSTD_getFrameContentSize(from, (nuint)frame.Length);
            length = stated is Unknown or Unreadable or > long.MaxValue ? -1 : (long)stated;
            return length >= 0;
        }
    }

    public void Dispose() => context.Dispose();
}
