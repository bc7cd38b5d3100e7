using Kedge.Drivers.PostgreSql.Server;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Loss;

/// <summary>How far a standby has got.</summary>
/// <param name="Received">How far it has the log, received or replayed; all of it is replayed when it is promoted.</param>
/// <param name="Replayed">How far its tables have got.</param>
/// <param name="Marker">The newest marker in its tables.</param>
internal sealed record StandbyCopy(NpgsqlLogSequenceNumber? Received, NpgsqlLogSequenceNumber? Replayed, MarkerRow? Marker)
{
    /// <summary>
    /// What promoting it would lose, measured against the last known position of the active copy. Unknown where
    /// anything that the measurement needs is missing or contradicts itself.
    /// </summary>
    /// <param name="now">Taken for the outage where none was seen.</param>
    public LossReading ExpectLoss(Watermark? lastKnown, DateTimeOffset? outage, DateTimeOffset now)
    {
        if (lastKnown is null)
        {
            return LossReading.Unknown("how far the active copy had got was never seen");
        }

        if (Received is not { } received || !NpgsqlLogSequenceNumber.TryParse(lastKnown.Position, out var position))
        {
            return LossReading.Unknown("how far the standby has got cannot be told");
        }

        var bytes = position > received ? (long)(ulong)position - (long)(ulong)received : 0;
        if (bytes == 0 && Replayed >= position
            && (Marker is null || (Marker.Epoch, Marker.Sequence).CompareTo((lastKnown.Epoch, lastKnown.Marker)) < 0))
        {
            return LossReading.Unknown(
                $"the standby is at {received}, past the active copy's {position}, but lacks its marker {lastKnown.Marker}: it follows another history");
        }

        if (Marker is { } own && own.Epoch > lastKnown.Epoch)
        {
            // What was last seen of it is of the time before it became active again.
            var until = outage ?? now;
            return new(true, until > own.At ? until - own.At : TimeSpan.Zero, null, null, true,
                $"the active copy's position was not seen since it became active; the standby's newest marker is of {own.At:HH:mm:ss.fff}");
        }

        // It was seen alive then, and may have acknowledged writes until then.
        var end = outage is { } failed && failed > lastKnown.ReadAt ? failed : outage is null ? now : lastKnown.ReadAt;
        if (bytes == 0 && lastKnown.Synchronous is true)
        {
            return end - lastKnown.ReadAt <= FreshEnough
                ? new(true, TimeSpan.Zero, 0, null, false,
                    $"synchronous: whatever was acknowledged was on the standby, as of {lastKnown.ReadAt:HH:mm:ss.fff}")
                : LossReading.Unknown(
                    $"the standby was last seen synchronous {(end - lastKnown.ReadAt).TotalSeconds:0} s before the outage: it may have dropped out since");
        }

        if (bytes > 0 && Marker is null)
        {
            return new(false, null, bytes, null, true, $"{bytes} bytes behind, and without a marker to tell how long that is");
        }

        var has = bytes == 0 && (Marker is null || lastKnown.ReadAt > Marker.At) ? lastKnown.ReadAt : Marker!.At;
        var time = end > has ? end - has : TimeSpan.Zero;
        return new(true, time, bytes, null, true, bytes == 0
            ? $"the standby has all that the active copy had at {lastKnown.ReadAt:HH:mm:ss.fff} ({position})"
            : $"the standby is at {received}, {bytes} bytes behind the active copy's last known {position}; its newest marker is of {Marker!.At:HH:mm:ss.fff}");
    }

    /// <summary>How old the last sight of a synchronous standby may be to say something about the outage.</summary>
    private static readonly TimeSpan FreshEnough = TimeSpan.FromSeconds(10);
}
