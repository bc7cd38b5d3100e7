namespace Kedge.Vault.Format;

/// <summary>What a blob holds. The values are those of a pack's header.</summary>
public enum BlobKind : byte
{
    /// <summary>A piece of a file.</summary>
    Data = 0,

    /// <summary>A folder's list of nodes, as JSON.</summary>
    Tree = 1,
}

/// <summary>A blob is known by its kind and the SHA-256 of its plain content.</summary>
public readonly record struct BlobName(BlobKind Kind, ObjectId Id)
{
    public override string ToString() => $"{(Kind == BlobKind.Tree ? "tree" : "data")} {Id.Short}";
}

/// <summary>Where a blob stands in a pack.</summary>
/// <param name="Offset">Bytes from the pack's beginning.</param>
/// <param name="Length">Bytes in the pack, sealed.</param>
/// <param name="PlainLength">Bytes before compression; 0 where the blob is stored without compression.</param>
public readonly record struct BlobEntry(BlobName Name, uint Offset, uint Length, uint PlainLength)
{
    public bool IsCompressed => PlainLength != 0;

    /// <summary>Bytes of the plain content.</summary>
    public long ContentLength => IsCompressed ? PlainLength : Length - (long)Crypto.Sealing.Overhead;
}
