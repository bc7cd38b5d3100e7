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
