using Kedge.Drivers.PostgreSql.Server;
using Kedge.Plan.Contracts;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Loss;

/// <summary>What a copy would lack, lacks, or has got since. Unknown is not zero.</summary>
internal sealed class LossMeter(PostgresParts parts)
{
    private const int Readings = 5;

    private readonly ForkedLog log = new(parts);

    public async Task<LossReading> ExpectAsync(
        InstanceContext target, Watermark? lastKnown, DateTimeOffset? outage, CancellationToken cancellation)
    {
        try
        {
            return await parts.Connections.TalkAsync(PostgresInstance.Of(target), async (connection, token) =>
            {
                var state = await ServerState.ReadAsync(connection, token);
                if (!state.InRecovery)
                {
                    return LossReading.Unknown($"{target.Id} is no standby: it accepts writes");
                }

                var marker = await KedgeSchema.ReadMarkerAsync(connection, target.Id.Component, below: null, token);
                return new StandbyCopy(state.Position, state.Replayed, marker)
                    .ExpectLoss(lastKnown, outage, parts.Time.GetUtcNow());
            }, cancellation);
        }
        catch (DriverException e)
        {
            return LossReading.Unknown(e.Message);
        }
    }

    public async Task<LossReading> MeasureAsync(
        InstanceContext recovered, InstanceContext? old, Watermark? lastKnown, DateTimeOffset outage, CancellationToken cancellation)
    {
        try
        {
            var copy = await parts.Connections.TalkAsync(PostgresInstance.Of(recovered), async (connection, token) =>
            {
                var epoch = await KedgeSchema.ReadEpochAsync(connection, recovered.Id.Component, token);
                var marker = await KedgeSchema.ReadMarkerAsync(connection, recovered.Id.Component, epoch?.Epoch, token);
                return new RecoveredCopy(epoch?.ForkedAt, marker, await ForkedLog.OwnTablesAsync(connection, token));
            }, cancellation);
            return copy.ForkedAt is { } fork && old is not null
                && await log.ReadAsync(PostgresInstance.Of(old), fork, copy.OwnTables, cancellation) is { } lost
                    ? lost.Reading(outage)
                    : copy.Estimate(lastKnown, outage);
        }
        catch (DriverException e)
        {
            return LossReading.Unknown(e.Message);
        }
    }

    public async Task<string?> WrittenSincePromotionAsync(InstanceContext active, CancellationToken cancellation)
    {
        try
        {
            return await parts.Connections.TalkAsync(PostgresInstance.Of(active), async (connection, token) =>
            {
                var epoch = await KedgeSchema.ReadEpochAsync(connection, active.Id.Component, token);
                if (epoch is null || epoch.Site != active.Id.Site)
                {
                    return $"{active.Id} does not say when it was promoted: what has been written to it cannot be told";
                }

                if (!epoch.Quiet)
                {
                    return $"{active.Id} was written to in the moment of its promotion";
                }

                var others = long.MaxValue;
                // A marker may be written between the two numbers: the smallest difference seen is the true one.
                for (var reading = 0; reading < Readings && others > 0; reading++)
                {
                    var (next, writes) = (await connection.QueryAsync(
                        """
                        select age('3'::xid)::bigint, coalesce((select sum(writes) from kedge.marker where component = $1 and epoch = $2), 0)::bigint
                        """,
                        static r => (r.GetInt64(0), r.GetInt64(1)), token, active.Id.Component.ToString(), epoch.Epoch))[0];
                    var assigned = Modulo(next + 3 - (epoch.FirstTransaction + 1));
                    others = Math.Min(others, assigned - writes);
                }

                return others == 0
                    ? null
                    : $"{active.Id} was written to since it was promoted: transactions that are not Kedge's: {Math.Abs(others)}";
            }, cancellation);
        }
        catch (DriverException e)
        {
            return $"what has been written to {active.Id} cannot be told: {e.Message}";
        }
    }

    public async Task<long?> EpochInDataAsync(InstanceContext instance, CancellationToken cancellation)
    {
        try
        {
            return await parts.Connections.TalkAsync(PostgresInstance.Of(instance), async (connection, token) =>
                (await KedgeSchema.ReadEpochAsync(connection, instance.Id.Component, token))?.Epoch, cancellation);
        }
        catch (DriverException)
        {
            return null;
        }
    }

    private static long Modulo(long number) => ((number % 4294967296) + 4294967296) % 4294967296;

    /// <summary>What the recovered copy itself says.</summary>
    /// <param name="Marker">The newest one from before the promotion.</param>
    private sealed record RecoveredCopy(NpgsqlLogSequenceNumber? ForkedAt, MarkerRow? Marker, OwnTables OwnTables)
    {
        public LossReading Estimate(Watermark? lastKnown, DateTimeOffset outage)
        {
            if (lastKnown is not null)
            {
                return new StandbyCopy(ForkedAt, ForkedAt, Marker).ExpectLoss(lastKnown, outage, outage) with { Estimate = true };
            }

            if (Marker is null)
            {
                return LossReading.Unknown("the recovered copy holds no marker from before its promotion");
            }

            var time = outage > Marker.At ? outage - Marker.At : TimeSpan.Zero;
            return new(true, time, null, null, true,
                $"at most {Durations.Show(time)}: the newest marker in the recovered copy is of {Marker.At:HH:mm:ss.fff}");
        }
    }
}
