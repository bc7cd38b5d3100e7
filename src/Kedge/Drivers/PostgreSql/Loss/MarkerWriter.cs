using Kedge.Drivers.PostgreSql.Server;
using Npgsql;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Loss;

/// <summary>
/// Writes the marker into the active copy and reads how far its log has got. The row is committed locally, so that
/// nothing of Kedge's ever waits inside the server for a standby; where replication is synchronous, the marker counts
/// as acknowledged once the standby is seen to have it.
/// </summary>
internal sealed class MarkerWriter(PostgresParts parts)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private const int Looks = 100;

    public async Task<Watermark> MarkAsync(InstanceContext active, Marker marker, CancellationToken cancellation)
    {
        var instance = PostgresInstance.Of(active);
        var standbys = active.Component.Instances
            .Where(i => i.Id != active.Id)
            .Select(i => PostgresInstance.Of(new(active.Component, i)))
            .ToList();
        var readAt = parts.Time.GetUtcNow();
        var seen = await parts.Connections.TalkAsync(instance, async (connection, token) =>
        {
            var first = await WriteAsync(connection, instance, marker, token);
            return instance.Synchronous ? await AwaitStandbyAsync(connection, first, standbys, token) : first;
        }, cancellation);
        var standby = Standby(seen, standbys);
        return new(
            marker.Component, instance.Site, marker.Epoch, seen.Position.ToString(), marker.Sequence, marker.At, readAt,
            seen.CommitsWait && IsSynchronous(standby) && standby!.Flushed >= seen.Position,
            standby?.Flushed?.ToString());
    }

    private static async Task<Sight> WriteAsync(
        NpgsqlConnection connection, PostgresInstance instance, Marker marker, CancellationToken cancellation)
    {
        try
        {
            return await WriteOnceAsync(connection, instance, marker, cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await connection.ExecuteAsync(KedgeSchema.Create, cancellation);
            return await WriteOnceAsync(connection, instance, marker, cancellation);
        }
    }

    private static async Task<Sight> WriteOnceAsync(
        NpgsqlConnection connection, PostgresInstance instance, Marker marker, CancellationToken cancellation)
    {
        // One round trip, but each command a transaction of its own: the position must be past the marker's commit.
        await using var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true };
        batch.BatchCommands.Add(new(
            "select set_config('synchronous_commit', 'local', false), set_config('statement_timeout', '1000', false), set_config('lock_timeout', '500', false)"));
        batch.BatchCommands.Add(new(KedgeSchema.WriteMarker)
        {
            Parameters =
            {
                new() { Value = marker.Component.ToString() },
                new() { Value = marker.Epoch },
                new() { Value = marker.Sequence },
                new() { Value = marker.At.ToUniversalTime() },
            },
        });
        batch.BatchCommands.Add(new(Sight.PositionSql));
        batch.BatchCommands.Add(new(StandbyRow.Sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var written = batch.BatchCommands[1].RecordsAffected;
        var sight = await Sight.ReadAsync(reader, cancellation);
        return written > 0
            ? sight
            : throw new DriverException(
                $"{instance.Id} carries a newer epoch than {marker.Epoch}: no marker was written",
                "somebody has moved this component since; look at 'kedge status'");
    }

    /// <summary>Looks until the standby has the marker, for half a second at most: longer, and commits hang anyway.</summary>
    private async Task<Sight> AwaitStandbyAsync(
        NpgsqlConnection connection, Sight first, List<PostgresInstance> standbys, CancellationToken cancellation)
    {
        var sight = first;
        for (var look = 0; look < Looks && first.CommitsWait && IsSynchronous(Standby(sight, standbys)); look++)
        {
            if (Standby(sight, standbys)!.Flushed >= first.Position)
            {
                break;
            }

            await Task.Delay(Look, parts.Time, cancellation);
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new(Sight.PositionSql));
            batch.BatchCommands.Add(new(StandbyRow.Sql));
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            sight = await Sight.ReadAsync(reader, cancellation) with { Position = first.Position };
        }

        return sight;
    }

    private static StandbyRow? Standby(Sight sight, List<PostgresInstance> standbys) =>
        standbys.Select(s => StandbyRow.Find(sight.Rows, s)).FirstOrDefault(r => r is not null);

    private static bool IsSynchronous(StandbyRow? row) => row is { State: "streaming", SyncState: "sync" or "quorum" };

    /// <summary>What the active copy said in one look.</summary>
    /// <param name="CommitsWait">True where a standby is named and sessions wait, by default, until it has a commit on stable storage.</param>
    private sealed record Sight(NpgsqlLogSequenceNumber Position, bool CommitsWait, IReadOnlyList<StandbyRow> Rows)
    {
        public const string PositionSql = """
            select pg_current_wal_flush_lsn()::text,
                   current_setting('synchronous_standby_names') <> ''
                   and (select reset_val in ('on', 'remote_apply') from pg_settings where name = 'synchronous_commit')
            """;

        public static async Task<Sight> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
        {
            await reader.ReadAsync(cancellation);
            var (position, wait) = (ServerState.Lsn(reader, 0)!.Value, reader.GetBoolean(1));
            await reader.NextResultAsync(cancellation);
            var rows = new List<StandbyRow>();
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(StandbyRow.Read(reader));
            }

            return new(position, wait, rows);
        }
    }
}
