using System.Globalization;
using Kedge.Plan.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>
/// The two tables that Kedge keeps in each data store. They travel with the data, so that a copy can be asked which
/// epoch it belongs to and how far it got. Every write of Kedge takes exactly one transaction identifier and is counted
/// in the row that it writes: what others have written can be told apart.
/// </summary>
internal static class KedgeSchema
{
    /// <summary>Safe to repeat; needs the privilege to create the schema, unless it is there.</summary>
    public const string Create = """
        create schema if not exists kedge;
        create table if not exists kedge.epoch (
            component text not null,
            epoch bigint not null,
            site text not null,
            taken_at timestamptz not null,
            forked_at pg_lsn,
            first_transaction bigint not null,
            quiet boolean not null,
            primary key (component, epoch));
        create table if not exists kedge.marker (
            component text not null,
            epoch bigint not null,
            sequence bigint not null,
            at timestamptz not null,
            writes bigint not null,
            primary key (component, epoch)) with (fillfactor = 50, autovacuum_analyze_threshold = 1000000000);
        comment on table kedge.epoch is 'Each change of the active site, in the data that it is about (Kedge)';
        comment on table kedge.marker is 'Newest marker of each epoch: what a copy lacks of it, it has lost (Kedge)';
        """;

    // An older epoch writes nothing into data that carries a newer one.
    private const string WriteEpoch = """
        insert into kedge.epoch as e (component, epoch, site, taken_at, forked_at, first_transaction, quiet)
        select $1, $2, $3, $4, case when $6 then pg_last_wal_replay_lsn() end, pg_current_xact_id()::text::bigint,
               (pg_current_xact_id()::text::bigint - 3) % 4294967296 = ($5::bigint + 4294967296) % 4294967296
        where not exists (select from kedge.epoch n where n.component = $1 and n.epoch > $2)
        on conflict (component, epoch) do nothing
        """;

    public const string WriteMarker = """
        insert into kedge.marker as m (component, epoch, sequence, at, writes)
        select $1, $2, $3, $4, 1
        where not exists (select from kedge.epoch n where n.component = $1 and n.epoch > $2)
        on conflict (component, epoch) do update set sequence = excluded.sequence, at = excluded.at, writes = m.writes + 1
        """;

    /// <summary>The newest epoch in the data; null where none was ever written.</summary>
    public static async Task<EpochRow?> ReadEpochAsync(
        NpgsqlConnection connection, ComponentId component, CancellationToken cancellation)
    {
        const string sql = """
            select epoch, site, forked_at::text, first_transaction, quiet from kedge.epoch
            where component = $1 order by epoch desc limit 1
            """;
        return (await AskAsync(connection, sql, static r => new EpochRow(
            r.GetInt64(0), new(r.GetString(1)), ServerState.Lsn(r, 2), r.GetInt64(3), r.GetBoolean(4)), [component.ToString()], cancellation)).FirstOrDefault();
    }

    /// <summary>The newest marker of an epoch below the given one (null: of any); null where there is none.</summary>
    public static async Task<MarkerRow?> ReadMarkerAsync(
        NpgsqlConnection connection, ComponentId component, long? below, CancellationToken cancellation)
    {
        const string sql = """
            select epoch, sequence, at, writes from kedge.marker
            where component = $1 and epoch < $2 order by epoch desc limit 1
            """;
        return (await AskAsync(connection, sql, static r => new MarkerRow(
            r.GetInt64(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2), r.GetInt64(3)), [component.ToString(), below ?? long.MaxValue], cancellation)).FirstOrDefault();
    }

    /// <summary>
    /// Writes the epoch into the data, on this connection; nothing where it is there already. Throws
    /// <see cref="DriverException"/> where the data carries a newer one, or the same one for another site.
    /// </summary>
    /// <param name="lastSeen">The next transaction identifier as it was last seen before the copy became writable.</param>
    /// <param name="promoted">True where this copy's own history begins here; false where it goes on with its old one.</param>
    public static async Task WriteEpochAsync(
        NpgsqlConnection connection, InstanceId instance, long epoch, DateTimeOffset at, int lastSeen, bool promoted,
        CancellationToken cancellation)
    {
        // A standby may be named that is not there yet: this row must not wait for it.
        await connection.ExecuteAsync("set synchronous_commit = local", cancellation);
        var component = instance.Component.ToString();
        await connection.ExecuteAsync(
            WriteEpoch, cancellation, component, epoch, instance.Site.Value, at.ToUniversalTime(), (long)lastSeen, promoted);
        var now = await ReadEpochAsync(connection, instance.Component, cancellation);
        if (now is null || now.Epoch != epoch || now.Site != instance.Site)
        {
            throw Stale(instance, epoch, now);
        }
    }

    public static DriverException Stale(InstanceId instance, long epoch, EpochRow? found) => new(
        $"{instance} carries epoch {found?.Epoch.ToString(CultureInfo.InvariantCulture) ?? "none"} of site {found?.Site.Value ?? "none"}: an act under epoch {epoch} is void",
        "somebody has moved this component since; look at 'kedge status' before anything else");

    private static async Task<List<T>> AskAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, object[] parameters, CancellationToken cancellation)
    {
        try
        {
            return await connection.QueryAsync(sql, read, cancellation, parameters);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return [];
        }
    }
}

/// <summary>A row of <c>kedge.epoch</c>.</summary>
/// <param name="ForkedAt">Where this copy's own history begins; null where it was not promoted but resumed, or not known.</param>
/// <param name="FirstTransaction">The identifier of the transaction that wrote this row.</param>
/// <param name="Quiet">True where nobody had been given a transaction identifier between the promotion and this row.</param>
internal sealed record EpochRow(long Epoch, SiteName Site, NpgsqlLogSequenceNumber? ForkedAt, long FirstTransaction, bool Quiet);

/// <summary>A row of <c>kedge.marker</c>.</summary>
/// <param name="Writes">How many transactions of Kedge's have written it.</param>
internal sealed record MarkerRow(long Epoch, long Sequence, DateTimeOffset At, long Writes);
