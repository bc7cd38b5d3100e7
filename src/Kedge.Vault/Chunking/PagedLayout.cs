using Kedge.Vault.Compression;

namespace Kedge.Vault.Chunking;

/// <summary>How a file that is changed a page at a time is cut: at multiples of <paramref name="PieceSize"/> bytes.</summary>
internal sealed record PagedLayout(int PieceSize, ContentKind Kind)
{
    /// <summary>Rows of tables, and whatever else changes here and there.</summary>
    internal static readonly PagedLayout Rows = new(40 << 10, ContentKind.Rows);

    /// <summary>B-trees: where keys come in no order nearly every stretch of them changes anyway.</summary>
    internal static readonly PagedLayout Keys = new(256 << 10, ContentKind.Keys);
}
