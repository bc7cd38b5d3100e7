namespace Kedge.Vault.Backup;

/// <summary>How far a backup is. Counted by many threads, read by one that shows it.</summary>
public sealed class BackupProgress
{
    private long filesFound;
    private long bytesFound;
    private long filesExpected;
    private long bytesExpected;
    private long filesDone;
    private long bytesDone;
    private long problems;

    /// <summary>Files seen so far by the walk.</summary>
    public long FilesFound => Interlocked.Read(ref filesFound);

    /// <summary>Bytes of those files.</summary>
    public long BytesFound => Interlocked.Read(ref bytesFound);

    public long FilesDone => Interlocked.Read(ref filesDone);

    /// <summary>Bytes that were read, or known to be unchanged.</summary>
    public long BytesDone => Interlocked.Read(ref bytesDone);

    public long Problems => Interlocked.Read(ref problems);

    /// <summary>Files that <see cref="BackupScan"/> has counted so far, where it runs.</summary>
    public long FilesExpected => Interlocked.Read(ref filesExpected);

    /// <summary>Bytes of those files.</summary>
    public long BytesExpected => Interlocked.Read(ref bytesExpected);

    /// <summary>Whether the scan has ended, so that what is expected is about all there is.</summary>
    public bool IsScanned { get; internal set; }

    internal void Found(long bytes)
    {
        Interlocked.Increment(ref filesFound);
        Interlocked.Add(ref bytesFound, bytes);
    }

    internal void Expect(long bytes)
    {
        Interlocked.Increment(ref filesExpected);
        Interlocked.Add(ref bytesExpected, bytes);
    }

    internal void FileDone() => Interlocked.Increment(ref filesDone);

    internal void Done(long bytes) => Interlocked.Add(ref bytesDone, bytes);

    internal void Problem() => Interlocked.Increment(ref problems);
}
