namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>How fast something is: over its last ten seconds, so that a slow beginning is forgotten. Belongs to who draws.</summary>
/// <param name="from">When it began.</param>
internal sealed class Throughput(TimeSpan from)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(TimeSpan At, long Bytes)> seen = new([(from, 0)]);
    private (TimeSpan At, long Bytes) last;

    public long BytesPerSecond
    {
        get
        {
            var (since, bytes) = seen.Peek();
            var seconds = (last.At - since).TotalSeconds;
            return seconds > 0 ? (long)((last.Bytes - bytes) / seconds) : 0;
        }
    }

    public void Note(TimeSpan at, long bytes)
    {
        last = (at, bytes);
        seen.Enqueue(last);
        while (seen.Count > 2 && at - seen.Peek().At > Window)
        {
            seen.Dequeue();
        }
    }

    /// <summary>Null where nobody can tell.</summary>
    public TimeSpan? TimeFor(long bytes)
    {
        var rate = BytesPerSecond;
        return bytes <= 0 ? TimeSpan.Zero : rate > 0 && bytes / rate < TimeSpan.FromDays(999).TotalSeconds ? TimeSpan.FromSeconds(bytes / rate) : null;
    }
}
