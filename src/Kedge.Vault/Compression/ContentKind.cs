namespace Kedge.Vault.Compression;

/// <summary>What a blob holds, as far as it matters to who compresses it.</summary>
internal enum ContentKind
{
    Ordinary,

    /// <summary>Pages of a table's rows.</summary>
    Rows,

    /// <summary>Pages of sorted keys, as in B-trees.</summary>
    Keys,
}
