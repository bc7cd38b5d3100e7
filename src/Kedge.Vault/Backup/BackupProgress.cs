namespace Kedge.Vault.Backup;

/// <summary>How far a backup is. Counted by many threads, read by one that shows it.</summary>
public sealed class BackupProgress
{
    private long filesFound;
    private long bytesFound;
    private long filesDone;
    private long bytesDone;
    private long problems;

    /// <summary>Files seen so far by the walk, which runs ahead.</summary>
    public long FilesFound => Interlocked.Read(ref filesFound);

    /// <summary>Bytes of those files.</summary>
    public long BytesFound => Interlocked.Read(ref bytesFound);

    public long FilesDone => Interlocked.Read(ref filesDone);

    /// <summary>Bytes that were read, or known to be unchanged.</summary>
    public long BytesDone => Interlocked.Read(ref bytesDone);

    public long Problems => Interlocked.Read(ref problems);

    /// <summary>Whether the walk is over, so that what was found is all there is.</summary>
    public bool IsWalked { get; internal set; }

    internal void Found(long bytes)
    {
        Interlocked.Increment(ref filesFound);
        Interlocked.Add(ref bytesFound, bytes);
    }

    internal void FileDone() => Interlocked.Increment(ref filesDone);

    internal void Done(long bytes) => Interlocked.Add(ref bytesDone, bytes);

    internal void Problem() => Interlocked.Increment(ref problems);
}
