namespace Kedge.Vault.Browse;

/// <summary>What was counted. What a mode does not count is zero.</summary>
public sealed record SnapshotStatistics
{
    public int Snapshots { get; init; }

    /// <summary>In bytes: of files, of blobs before compression, or of what is stored, as the mode has it.</summary>
    public long TotalSize { get; init; }

    /// <summary>Entries, files or paths.</summary>
    public long Files { get; init; }

    public long Blobs { get; init; }

    /// <summary>What is stored, had nothing been compressed; only of raw data, and in vaults that know compression.</summary>
    public long UncompressedSize { get; init; }

    /// <summary>What is stored of compressed blobs.</summary>
    public long CompressedBlobsSize { get; init; }

    /// <summary>The same, had they not been compressed.</summary>
    public long CompressedBlobsUncompressedSize { get; init; }

    /// <summary>By what factor compressed blobs are smaller; 0 where there are none.</summary>
    public double CompressionRatio => CompressedBlobsSize > 0 ? (double)CompressedBlobsUncompressedSize / CompressedBlobsSize : 0;

    /// <summary>How much of the data is compressed, in percent.</summary>
    public double CompressionProgress => UncompressedSize > 0 ? (double)CompressedBlobsUncompressedSize / UncompressedSize * 100 : 0;

    /// <summary>How much less is stored thanks to compression, in percent.</summary>
    public double CompressionSpaceSaving => UncompressedSize > 0 ? (1 - ((double)TotalSize / UncompressedSize)) * 100 : 0;
}
