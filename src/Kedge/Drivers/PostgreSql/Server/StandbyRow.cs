using Npgsql;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>How a primary sees one of its standbys (<c>pg_stat_replication</c>).</summary>
/// <param name="State"><c>streaming</c> once it has caught up.</param>
/// <param name="SyncState"><c>sync</c> or <c>quorum</c> where commits wait for it.</param>
/// <param name="Flushed">How far it has the log on stable storage; null where it has not said yet.</param>
internal sealed record StandbyRow(
    string Name, string? Slot, string State, string SyncState, NpgsqlLogSequenceNumber? Flushed, NpgsqlLogSequenceNumber? Replayed)
{
    public const string Sql = """
        select r.application_name, s.slot_name, coalesce(r.state, ''), coalesce(r.sync_state, ''), r.flush_lsn::text, r.replay_lsn::text
        from pg_stat_replication r left join pg_replication_slots s on s.active_pid = r.pid
        """;

    public static StandbyRow Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.TextOrNull(1), reader.GetString(2), reader.GetString(3), ServerState.Lsn(reader, 4), ServerState.Lsn(reader, 5));

    /// <summary>The row of an instance: by its slot, else by its name, else the only one there is.</summary>
    public static StandbyRow? Find(IReadOnlyCollection<StandbyRow> rows, PostgresInstance standby) =>
        rows.FirstOrDefault(r => r.Slot == standby.Slot)
        ?? rows.FirstOrDefault(r => r.Name == standby.Slot)
        ?? (rows.Count == 1 && rows.First() is { } only && only.Name != "pg_basebackup" ? only : null);

    public static async Task<StandbyRow?> FindAsync(
        NpgsqlConnection primary, PostgresInstance standby, CancellationToken cancellation) =>
        Find(await primary.QueryAsync(Sql, Read, cancellation), standby);

    /// <summary>In bytes; all of it where the standby has not said how far it is.</summary>
    public long ReplayLag(NpgsqlLogSequenceNumber position) =>
        Replayed is { } replayed ? Math.Max(0, (long)(ulong)position - (long)(ulong)replayed) : (long)(ulong)position;
}
