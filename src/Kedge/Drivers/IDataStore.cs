using Kedge.Plan.Model;

namespace Kedge.Drivers;

/// <summary>Optional ability of drivers that hold data: how far a copy has got, and what another one lacks.</summary>
public interface IDataStore
{
    /// <summary>
    /// Writes the marker row into the active copy and reads how far its log has got, in one short conversation. Throws
    /// <see cref="DriverException"/> where that cannot be done now. Must not hold anything up: bounded by the token, and
    /// by time-outs on the server's side too.
    /// </summary>
    Task<Watermark> MarkAsync(InstanceContext active, Marker marker, CancellationToken cancellation);

    /// <summary>
    /// What would be lost if <paramref name="target"/> were promoted now, measured against the last known position of
    /// the active side, never against what the target happens to have received.
    /// </summary>
    Task<LossReading> ExpectLossAsync(
        InstanceContext target, Watermark? lastKnown, DateTimeOffset? outage, CancellationToken cancellation);

    /// <summary>
    /// What the recovered copy lacks. With <paramref name="old"/> readable it counts transactions; otherwise it is an
    /// estimate from markers.
    /// </summary>
    Task<LossReading> MeasureLossAsync(
        InstanceContext recovered, InstanceContext? old, Watermark? lastKnown, DateTimeOffset outage, CancellationToken cancellation);

    /// <summary>
    /// Whether anybody but Kedge has written to this copy since it was promoted: null if not (going back loses
    /// nothing), else a line that says what would be lost.
    /// </summary>
    Task<string?> WrittenSincePromotionAsync(InstanceContext active, CancellationToken cancellation);

    /// <summary>The epoch that the data itself carries; null where it carries none or cannot be read.</summary>
    Task<long?> EpochInDataAsync(InstanceContext instance, CancellationToken cancellation);
}

/// <summary>A row that is written to a data store all the time, so that what a copy lacks can be told afterwards.</summary>
/// <param name="Sequence">Grows by one with each marker of a component.</param>
public sealed record Marker(ComponentId Component, long Epoch, long Sequence, DateTimeOffset At);

/// <summary>How far the active copy of a data store had got when it was last seen.</summary>
/// <param name="Position">In the store's own terms (a PostgreSQL LSN).</param>
/// <param name="Marker">Sequence of the newest marker that it had acknowledged.</param>
/// <param name="MarkerAt">Time of that marker.</param>
/// <param name="ReadAt">When the position was read.</param>
/// <param name="Synchronous">True where every acknowledged write was also on the standby at that time; false where not; null where unknown.</param>
/// <param name="StandbyPosition">How far the standby had confirmed, as the active copy saw it; null where none was connected.</param>
public sealed record Watermark(
    ComponentId Component,
    SiteName Site,
    long Epoch,
    string Position,
    long Marker,
    DateTimeOffset MarkerAt,
    DateTimeOffset ReadAt,
    bool? Synchronous,
    string? StandbyPosition);

/// <summary>A measurement of lost data. Unknown is not zero.</summary>
/// <param name="Time">Null where unknown.</param>
/// <param name="Bytes">Of the store's log; null where unknown.</param>
/// <param name="Transactions">Null where not counted.</param>
/// <param name="Estimate">True where it follows from markers rather than from reading the old copy.</param>
public sealed record LossReading(
    bool Known, TimeSpan? Time, long? Bytes, long? Transactions, bool Estimate, string Basis)
{
    public static LossReading Unknown(string why) => new(false, null, null, null, true, why);
}
