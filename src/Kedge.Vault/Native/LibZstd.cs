using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Vault.Native;

/// <summary>
/// The few calls of libzstd that a vault needs (zstd.h; zstd 1.4 or later). All are of the stable section but
/// <see cref="ZSTD_compressSequences"/>, which a vault can do without.
/// </summary>
internal static unsafe partial class LibZstd
{
    internal const int CompressionLevel = 100;
    internal const int HashLog = 102;
    internal const int ChainLog = 103;
    internal const int SearchLog = 104;
    internal const int MinimumMatch = 105;
    internal const int Strategy = 107;
    internal const int ContentSizeFlag = 200;
    internal const int ChecksumFlag = 201;

    /// <summary>ZSTD_c_blockDelimiters, of the section that may change.</summary>
    internal const int BlockDelimiters = 1008;

    /// <summary>ZSTD_c_searchForExternalRepcodes, of the section that may change.</summary>
    internal const int SearchForRepeatedOffsets = 1016;

    /// <summary>ZSTD_error_dstSize_tooSmall (zstd_errors.h).</summary>
    internal const int OutputTooSmall = 70;

    static LibZstd() => NativeLibraries.Ready();

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial CompressionContext ZSTD_createCCtx();

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial nuint ZSTD_freeCCtx(IntPtr context);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial nuint ZSTD_CCtx_setParameter(CompressionContext context, int parameter, int value);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial nuint ZSTD_compress2(CompressionContext context, byte* output, nuint outputSize, byte* input, nuint inputLength);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial nuint ZSTD_compressSequences(
        CompressionContext context, byte* output, nuint outputSize, Sequence* sequences, nuint count, byte* input, nuint inputLength);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial DecompressionContext ZSTD_createDCtx();

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial nuint ZSTD_freeDCtx(IntPtr context);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial nuint ZSTD_decompressDCtx(DecompressionContext context, byte* output, nuint outputSize, byte* input, nuint inputLength);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial nuint ZSTD_compressBound(nuint inputLength);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial uint ZSTD_isError(nuint code);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial int ZSTD_getErrorCode(nuint code);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial IntPtr ZSTD_getErrorName(nuint code);

    [LibraryImport(NativeLibraries.Zstd)]
    internal static partial ulong ZSTD_getFrameContentSize(byte* input, nuint inputLength);

    /// <summary><c>ZSTD_Sequence</c>. Without a match it ends a block.</summary>
    internal struct Sequence
    {
        internal uint Offset;
        internal uint LiteralLength;
        internal uint MatchLength;
        private readonly uint repeated;
    }

    internal sealed class CompressionContext : SafeHandleZeroOrMinusOneIsInvalid
    {
        public CompressionContext() : base(ownsHandle: true)
        {
        }

        protected override bool ReleaseHandle() => ZSTD_isError(ZSTD_freeCCtx(handle)) == 0;
    }

    internal sealed class DecompressionContext : SafeHandleZeroOrMinusOneIsInvalid
    {
        public DecompressionContext() : base(ownsHandle: true)
        {
        }

        protected override bool ReleaseHandle() => ZSTD_isError(ZSTD_freeDCtx(handle)) == 0;
    }
}
