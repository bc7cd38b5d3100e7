namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>How far something is that works through files and bytes.</summary>
/// <param name="FilesFound">So far, or in all.</param>
/// <param name="IsAllFound">Whether no more will be found.</param>
internal readonly record struct Progress(long FilesFound, long BytesFound, long FilesDone, long BytesDone, long Problems, bool IsAllFound)
{
    /// <summary>0 to 1; null while nobody knows how much there is.</summary>
    public double? Share => !IsAllFound ? null : BytesFound > 0 ? Math.Min(1, (double)BytesDone / BytesFound) : 1;
}
