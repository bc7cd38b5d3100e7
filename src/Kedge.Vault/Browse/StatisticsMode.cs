namespace Kedge.Vault.Browse;

/// <summary>What is counted, as restic's <c>stats --mode</c> has it.</summary>
public enum StatisticsMode
{
    /// <summary>restore-size: all entries, and the bytes that a restore of each snapshot would write; a file with several names once.</summary>
    RestoreSize,

    /// <summary>files-by-contents: files of different content, each once.</summary>
    FilesByContents,

    /// <summary>blobs-per-file: the blobs of files of different content, for each path once.</summary>
    BlobsPerFile,

    /// <summary>raw-data: the blobs that the snapshots need, and what they take in the packs.</summary>
    RawData,
}
