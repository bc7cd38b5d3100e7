namespace Kedge.Vault.Backends;

/// <summary>
/// So many bytes a second, on average: who takes some may go on when what was taken before has been paid for in time.
/// </summary>
internal sealed class ByteRate(int kibibytesPerSecond, TimeProvider time)
{
    private readonly Lock guard = new();
    private readonly long start = time.GetTimestamp();
    private TimeSpan paidUntil;

    internal static ByteRate? Of(int? kibibytesPerSecond, TimeProvider time) => kibibytesPerSecond is { } limit ? new(limit, time) : null;

    /// <summary>Returns when these bytes may be transferred.</summary>
    internal async ValueTask TakeAsync(long bytes, CancellationToken cancellation)
    {
        var cost = TimeSpan.FromSeconds(bytes / (kibibytesPerSecond * 1024d));
        TimeSpan wait;
        lock (guard)
        {
            var now = time.GetElapsedTime(start);
            if (paidUntil < now)
            {
                paidUntil = now;
            }

            wait = paidUntil - now;
            paidUntil += cost;
        }

        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        try
        {
            await Task.Delay(wait, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (guard)
            {
                paidUntil -= cost;
            }

            throw;
        }
    }
}
