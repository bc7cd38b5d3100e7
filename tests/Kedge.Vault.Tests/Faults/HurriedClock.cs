namespace Kedge.Vault.Tests.Faults;

/// <summary>Time that passes twenty times as fast, so that waits between attempts are short.</summary>
internal sealed class HurriedClock : TimeProvider
{
    private const int Haste = 20;

    private readonly long began = System.GetTimestamp();
    private readonly DateTimeOffset start = System.GetUtcNow();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => began + (Haste * (System.GetTimestamp() - began));

    public override DateTimeOffset GetUtcNow() => start + (Haste * System.GetElapsedTime(began));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Hasten(dueTime), Hasten(period));

    private static TimeSpan Hasten(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Haste;
}
