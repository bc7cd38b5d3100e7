using System.Globalization;
using Kedge.Drivers.PostgreSql.Server;
using Npgsql;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Standby;

/// <summary>What is to be done on the new primary so that another copy can follow it.</summary>
internal sealed class PrimarySide(PostgresParts parts)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Makes the standby's replication slot, bounded: a standby that stays away must not fill the primary's disk.
    /// Reserves the log from now on, where <see cref="KeepLogAsync"/> has not done so since the promotion. Returns where the primary stands.
    /// </summary>
    /// <param name="epoch">Under which the standby is made one; a primary that carries a newer one, or was not given it, is not followed.</param>
    public Task<PrimaryState> PrepareAsync(
        PostgresInstance primary, PostgresInstance standby, long? epoch, CancellationToken cancellation) =>
        parts.Connections.TalkAsync(primary, async (connection, token) =>
        {
            var state = await ReadAsync(connection, primary, token);
            if (await KedgeSchema.ReadEpochAsync(connection, primary.Id.Component, token) is { } row
                && (row.Site != primary.Site || row.Epoch > epoch))
            {
                throw KedgeSchema.Stale(primary.Id, epoch ?? 0, row);
            }

            if (await connection.ExecuteScalarTextAsync("show max_slot_wal_keep_size", token) == "-1")
            {
                await connection.ExecuteAsync($"alter system set max_slot_wal_keep_size = '{standby.SlotLimit >> 20}MB'", token);
                await connection.ExecuteAsync("select pg_reload_conf()", token);
            }

            await connection.ExecuteAsync(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and wal_status = 'lost' and not active",
                token, standby.Slot);
            await CreateSlotAsync(connection, standby.Slot, token);
            return state;
        }, cancellation);

    /// <summary>Writes a checkpoint: before it, pg_rewind could take a promoted server for one that has not diverged.</summary>
    public Task CheckpointAsync(PostgresInstance primary, CancellationToken cancellation) =>
        parts.Connections.TalkAsync(primary, async (connection, token) =>
        {
            await connection.CheckpointAsync(token);
            return 0;
        }, cancellation);

    /// <summary>Number of the oldest segment of log that is still there, without its timeline; see <see cref="BackupLabel"/>.</summary>
    public Task<string> OldestSegmentAsync(PostgresInstance primary, CancellationToken cancellation) =>
        parts.Connections.TalkAsync(primary, (connection, token) => connection.ExecuteScalarTextAsync(
            "select min(substr(name, 9)) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'", token), cancellation);

    /// <summary>How much a copy of all databases takes, in bytes.</summary>
    public Task<long> SizeAsync(PostgresInstance primary, CancellationToken cancellation) =>
        parts.Connections.TalkAsync(primary, async (connection, token) => (await connection.QueryLongAsync(
            "select sum(pg_database_size(oid))::bigint from pg_database", static r => r.GetInt64(0), token))[0], cancellation);

    /// <summary>The standby's row: by its slot alone, for others may follow too. Null where it is not connected.</summary>
    public Task<StandbyRow?> FindAsync(PostgresInstance primary, PostgresInstance standby, CancellationToken cancellation) =>
        parts.Connections.TalkAsync(primary, async (connection, token) =>
            (await connection.QueryAsync(StandbyRow.Sql, StandbyRow.Read, token)).FirstOrDefault(r => r.Slot == standby.Slot), cancellation);

    /// <summary>Lets commits wait for the standby, which must be streaming, and returns once they do.</summary>
    public Task WaitForStandbyAsync(PostgresInstance primary, PostgresInstance standby, CancellationToken cancellation) =>
        parts.Connections.TalkAsync(primary, async (connection, token) =>
        {
            if (await connection.ExecuteScalarTextAsync("show synchronous_standby_names", token) is var names && !names.Contains(standby.Slot, StringComparison.Ordinal))
            {
                await connection.ExecuteAsync(
                    $"alter system set synchronous_standby_names = {Statements.Literal($"FIRST 1 ({standby.Slot})")}", token);
                await connection.ExecuteAsync("select pg_reload_conf()", token);
            }

            while ((await connection.QueryAsync(StandbyRow.Sql, StandbyRow.Read, token))
                .FirstOrDefault(r => r.Slot == standby.Slot)?.SyncState is not ("sync" or "quorum"))
            {
                await Task.Delay(Look, parts.Time, token);
            }

            return 0;
        }, cancellation);

    /// <summary>
    /// Asked of a standby just before it is promoted: keeps, from its last restart point on, the log that the old
    /// primary needs so that it can be rewound later, instead of copied anew. Returns why it cannot be kept, null
    /// where it is: a promotion does not wait for that.
    /// </summary>
    public static async Task<string?> KeepLogAsync(NpgsqlConnection connection, PostgresInstance other, CancellationToken cancellation)
    {
        if (await connection.ExecuteScalarTextAsync("show max_slot_wal_keep_size", cancellation) == "-1")
        {
            return "max_slot_wal_keep_size is unlimited";
        }

        try
        {
            await CreateSlotAsync(connection, other.Slot, cancellation);
            return null;
        }
        catch (PostgresException refused)
        {
            return refused.MessageText;
        }
    }

    private static async Task CreateSlotAsync(NpgsqlConnection connection, string slot, CancellationToken cancellation)
    {
        try
        {
            await connection.ExecuteAsync(
                "select pg_create_physical_replication_slot($1, true) where not exists (select from pg_replication_slots where slot_name = $1)",
                cancellation, slot);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateObject)
        {
            // An attempt that was cut off went on in the server for a moment: it is there, as wanted.
        }
    }

    /// <summary>Throws <see cref="DriverException"/> where it is no primary.</summary>
    public Task<PrimaryState> ReadAsync(PostgresInstance primary, CancellationToken cancellation) =>
        parts.Connections.TalkAsync(primary, (connection, token) => ReadAsync(connection, primary, token), cancellation);

    private static async Task<PrimaryState> ReadAsync(
        NpgsqlConnection connection, PostgresInstance primary, CancellationToken cancellation)
    {
        var state = await ServerState.ReadAsync(connection, cancellation);
        if (state.InRecovery)
        {
            throw new DriverException($"{primary.Id} is a standby: there is nothing to follow there", "look at 'kedge status' for the active site");
        }

        // pg_walfile_name knows the timeline that is written now; the control file only that of the last checkpoint.
        var timeline = uint.Parse(
            (await connection.ExecuteScalarTextAsync("select pg_walfile_name(pg_current_wal_insert_lsn())", cancellation))[..8],
            NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var history = timeline == 1
            ? ""
            : await connection.ExecuteScalarTextAsync(
                $"select convert_from(pg_read_binary_file('pg_wal/{TimelineHistory.FileName(timeline)}'), 'UTF8')", cancellation);
        return new(state.SystemIdentifier, TimelineHistory.Parse(timeline, history), state.Position!.Value);
    }
}

/// <summary>Where a primary stands.</summary>
internal sealed record PrimaryState(string SystemIdentifier, TimelineHistory History, NpgsqlLogSequenceNumber Position);
