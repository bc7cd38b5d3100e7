namespace Kedge.Vault.Tests.Upkeep;

/// <summary>The system's clock and timers, but the clock may be set forward, as after a machine's sleep.</summary>
internal sealed class HandSetClock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    internal void Forward(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
