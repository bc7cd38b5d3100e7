using System.Globalization;
using Kedge.Drivers;
using Kedge.Plan.Contracts;

namespace Kedge.Simulation.World;

/// <summary>What copies lack, measured as the PostgreSQL driver measures it.</summary>
internal static class DataLoss
{
    /// <summary>How long it is believed that a standby is still synchronous.</summary>
    public static readonly TimeSpan FreshEnough = TimeSpan.FromSeconds(10);

    public static LossReading Expect(DataCopy copy, Watermark? lastKnown, DateTimeOffset? outage, DateTimeOffset now)
    {
        if (lastKnown is null)
        {
            return LossReading.Unknown("how far the active copy had got was never seen");
        }

        var position = int.Parse(lastKnown.Position, CultureInfo.InvariantCulture);
        var missing = Math.Max(0, position - copy.Log.Count);
        var marker = copy.NewestMarker;
        if (missing == 0 && (marker is not { } row || (row.Epoch, row.Number).CompareTo((lastKnown.Epoch, lastKnown.Marker)) < 0))
        {
            return LossReading.Unknown("it is past the active copy's position but lacks its marker: it follows another history");
        }

        if (marker is { } own && own.Epoch > lastKnown.Epoch)
        {
            // What was last seen of it is of the time before it became active again.
            var until = outage ?? now;
            return new(true, until > own.At ? until - own.At : TimeSpan.Zero, null, null, true, $"its newest marker is of {own.At:HH:mm:ss.fff}");
        }

        // It was seen alive then, and may have acknowledged writes until then.
        var end = outage is { } failed && failed > lastKnown.ReadAt ? failed : outage is null ? now : lastKnown.ReadAt;
        if (missing == 0 && lastKnown.Synchronous is true)
        {
            return end - lastKnown.ReadAt <= FreshEnough
                ? new(true, TimeSpan.Zero, 0, null, false, "synchronous")
                : LossReading.Unknown("it was last seen synchronous long before the outage: it may have dropped out since");
        }

        if (missing > 0 && marker is null)
        {
            return new(false, null, missing, null, true, $"{missing} entries behind, and without a marker to tell how long that is");
        }

        var has = missing == 0 && lastKnown.ReadAt > marker!.Value.At ? lastKnown.ReadAt : marker!.Value.At;
        var time = end > has ? end - has : TimeSpan.Zero;
        return new(true, time, missing, null, true, $"at {copy.Log.Count}, {missing} entries behind {position}; it has all of {has:HH:mm:ss.fff}");
    }

    public static LossReading Measure(DataCopy recovered, DataCopy? old, Watermark? lastKnown, DateTimeOffset outage)
    {
        if (recovered.EpochRow is not { } fork)
        {
            return LossReading.Unknown("the recovered copy does not say when it was promoted");
        }

        if (old is { Powered: true, Whole: true, IsPrimary: true })
        {
            var held = recovered.Log.Select(e => e.Serial).ToHashSet();
            var lost = old.Log.Where(e => e.Kind is EntryKind.Order && !held.Contains(e.Serial)).ToList();
            var until = lost.Count > 0 && lost[^1].At > outage ? lost[^1].At : outage;
            return new(true, lost.Count > 0 && until > lost[0].At ? until - lost[0].At : TimeSpan.Zero, null, lost.Count, false, "the old log was read");
        }

        var before = recovered.Log.LastOrDefault(e => e.Kind is EntryKind.Marker && e.Serial < fork.Serial);
        return before.Serial == 0
            ? LossReading.Unknown("the recovered copy holds no marker from before its promotion")
            : new(true, outage > before.At ? outage - before.At : TimeSpan.Zero, null, null, true, $"estimate; last known {lastKnown?.Position}");
    }

    public static string? WrittenSincePromotion(DataCopy copy)
    {
        if (copy is { Answers: true, IsPrimary: false })
        {
            return null;
        }

        if (copy is not { Answers: true, PromotedAt: { } fork })
        {
            return $"what has been written to {copy.Id} cannot be told";
        }

        var written = copy.Log.Skip(fork).Count(e => e.Kind is EntryKind.Order);
        return written == 0 ? null : $"{written} orders were written to {copy.Id} since it was promoted";
    }

    public static string? Refusal(LossReading loss, StepContext step) => step.LossAccepted ? null
        : !loss.Known || loss.Time is not { } time ? $"what would be lost is not known: {loss.Basis}"
        : step.Rpo is { } rpo && time > rpo ? $"{Durations.Show(time)} would be lost, and the RPO is {Durations.Show(rpo)}: {loss.Basis}"
        : null;
}
