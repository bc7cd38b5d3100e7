namespace Kedge.Vault.Restore;

/// <summary>How far a restore is. Counted by many threads, read by one that shows it.</summary>
public sealed class RestoreProgress
{
    private long filesFound;
    private long bytesFound;
    private long filesDone;
    private long bytesDone;
    private long bytesKept;
    private long problems;
    private long removed;

    public long FilesFound => Interlocked.Read(ref filesFound);

    public long BytesFound => Interlocked.Read(ref bytesFound);

    public long FilesDone => Interlocked.Read(ref filesDone);

    /// <summary>Bytes written, or found to be there already.</summary>
    public long BytesDone => Interlocked.Read(ref bytesDone);

    /// <summary>Bytes of the target that were as they should be.</summary>
    public long BytesKept => Interlocked.Read(ref bytesKept);

    public long Problems => Interlocked.Read(ref problems);

    public long Removed => Interlocked.Read(ref removed);

    internal void Found(long bytes)
    {
        Interlocked.Increment(ref filesFound);
        Interlocked.Add(ref bytesFound, bytes);
    }

    internal void FileDone() => Interlocked.Increment(ref filesDone);

    internal void Written(long bytes) => Interlocked.Add(ref bytesDone, bytes);

    internal void Kept(long bytes)
    {
        Interlocked.Add(ref bytesDone, bytes);
        Interlocked.Add(ref bytesKept, bytes);
    }

    internal void Problem() => Interlocked.Increment(ref problems);

    internal void RemovedOne() => Interlocked.Increment(ref removed);
}
