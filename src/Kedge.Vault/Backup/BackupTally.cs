namespace Kedge.Vault.Backup;

/// <summary>Counts for the summary in the snapshot. Safe for many threads.</summary>
internal sealed class BackupTally
{
    internal long FilesNew;
    internal long FilesChanged;
    internal long FilesUnmodified;
    internal long FoldersNew;
    internal long FoldersChanged;
    internal long FoldersUnmodified;
    internal long Bytes;

    internal static void Count(ref long tally) => Interlocked.Increment(ref tally);
}
