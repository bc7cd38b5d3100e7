namespace Kedge.Vault.Upkeep;

/// <summary>How far a check, repair, copy or prune is. Counted by many threads, read by one that shows it.</summary>
public sealed class UpkeepProgress
{
    private int stage;
    private long done;
    private long total;
    private long bytesDone;
    private long bytesTotal;
    private long problems;

    public UpkeepStage Stage => (UpkeepStage)Volatile.Read(ref stage);

    /// <summary>Trees, packs, blobs or files done in this stage.</summary>
    public long Done => Interlocked.Read(ref done);

    /// <summary>How many there are; 0 where that is not known.</summary>
    public long Total => Interlocked.Read(ref total);

    public long BytesDone => Interlocked.Read(ref bytesDone);

    /// <summary>0 where it is not known, or nobody counts bytes.</summary>
    public long BytesTotal => Interlocked.Read(ref bytesTotal);

    /// <summary>In all stages.</summary>
    public long Problems => Interlocked.Read(ref problems);

    internal void Begin(UpkeepStage next, long total = 0, long bytes = 0)
    {
        Interlocked.Exchange(ref done, 0);
        Interlocked.Exchange(ref bytesDone, 0);
        Interlocked.Exchange(ref this.total, total);
        Interlocked.Exchange(ref bytesTotal, bytes);
        Volatile.Write(ref stage, (int)next);
    }

    internal void Step(long bytes = 0)
    {
        Interlocked.Increment(ref done);
        Interlocked.Add(ref bytesDone, bytes);
    }

    internal void Problem() => Interlocked.Increment(ref problems);
}
