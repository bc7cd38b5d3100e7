using Kedge.Vault.Chunking;

namespace Kedge.Vault.Backup;

/// <summary>The content of the longest hole's piece, made when the first file with holes is met.</summary>
internal static class Zeros
{
    private static readonly Lazy<byte[]> Made = new(() => new byte[CutSizes.Hole]);

    internal static ReadOnlySpan<byte> Span => Made.Value;
}
