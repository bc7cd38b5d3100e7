using Npgsql;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>What a running server says of itself, in one round trip.</summary>
/// <param name="Position">
/// Of a primary: how far its log is on stable storage. Of a standby: how far it has the log, received or replayed; null
/// where it has received nothing since it started and replayed nothing.
/// </param>
/// <param name="Replayed">Of a standby; of a promoted one, where its own history begins (null after its next start).</param>
/// <param name="HasSchema">True where the schema <c>kedge</c> has been set up.</param>
/// <param name="SyncNames"><c>synchronous_standby_names</c>.</param>
/// <param name="NextTransaction">The next transaction identifier to be assigned, modulo 2^32, less three.</param>
internal sealed record ServerState(
    bool InRecovery,
    string Version,
    string SystemIdentifier,
    NpgsqlLogSequenceNumber? Position,
    NpgsqlLogSequenceNumber? Replayed,
    bool HasSchema,
    string SyncNames,
    string SyncNamesSource,
    int NextTransaction)
{
    // age() of an identifier, in a transaction that has none of its own, counts from the next one to be assigned.
    private const string Sql = """
        select pg_is_in_recovery(),
               current_setting('server_version'),
               (select system_identifier::text from pg_control_system()),
               (case when pg_is_in_recovery()
                     then greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                     else pg_current_wal_flush_lsn() end)::text,
               pg_last_wal_replay_lsn()::text,
               to_regclass('kedge.marker') is not null and to_regclass('kedge.epoch') is not null,
               current_setting('synchronous_standby_names'),
               (select source from pg_settings where name = 'synchronous_standby_names'),
               age('3'::xid)
        """;

    public static async Task<ServerState> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await connection.QueryAsync(Sql, static r => new ServerState(
            r.GetBoolean(0), r.GetString(1), r.GetString(2), Lsn(r, 3), Lsn(r, 4), r.GetBoolean(5), r.GetString(6), r.GetString(7), r.GetInt32(8)),
            cancellation))[0];

    public static NpgsqlLogSequenceNumber? Lsn(NpgsqlDataReader reader, int column) =>
        reader.TextOrNull(column) is { } text ? NpgsqlLogSequenceNumber.Parse(text) : null;
}
