using Kedge.Drivers.PostgreSql.Server;
using Npgsql;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>
/// Before a planned move, while everything still serves: the standby follows closely, and a checkpoint has just been
/// written at the source, so that the one that ends its fast stop has little left to write.
/// </summary>
internal sealed class PrepareAction(PostgresParts parts) : IDriverAction
{
    /// <summary>A standby further behind would keep the service waiting while it catches up.</summary>
    private const long CloseEnough = 16L << 20;

    /// <summary>With no more log than this since the last checkpoint, the next one is short however old that is.</summary>
    private const long LittleEnough = 1L << 20;

    private static readonly TimeSpan RecentEnough = TimeSpan.FromSeconds(5);

    public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => Talking.OrNotYetAsync(async () =>
    {
        var target = PostgresInstance.Of(step.Instance!);
        var source = PostgresInstance.Of(Promotion.Other(step));
        ServerState standby;
        try
        {
            standby = await parts.Connections.TalkAsync(target, ServerState.ReadAsync, cancellation);
        }
        catch (DriverException gone)
        {
            // Nothing is lost by waiting for an operator here: everything still serves.
            return Judgement.Impossible(gone.Message, gone.Hint ?? "start the standby, or rebuild it (kedge reprotect), then retry the step");
        }

        var (primary, row, checkpoint) = await parts.Connections.TalkAsync(source, async (connection, token) =>
            (await ServerState.ReadAsync(connection, token),
             await StandbyRow.FindAsync(connection, target, token),
             await LastCheckpoint.ReadAsync(connection, token)), cancellation);
        if (primary.InRecovery || !standby.InRecovery)
        {
            return Judgement.Impossible(
                primary.InRecovery ? $"{source.Id} is a standby, not the active copy" : $"{target.Id} accepts writes: it follows nothing",
                "look at 'kedge status' for the active site");
        }

        if (primary.SystemIdentifier != standby.SystemIdentifier)
        {
            return Judgement.Impossible($"{source.Id} and {target.Id} are of different clusters (system identifiers differ)",
                "look at hosts and ports in the plan; rebuild the standby");
        }

        if (row is not { State: "streaming" })
        {
            return Judgement.NotYet($"{target.Id} does not stream from {source.Id}{(row is null ? "" : $" ({row.State})")}");
        }

        var lag = row.ReplayLag(primary.Position!.Value);
        return lag > CloseEnough
            ? Judgement.NotYet($"{target.Id} is {lag} bytes behind")
            : checkpoint.Age > RecentEnough && checkpoint.LogSince > LittleEnough
                ? Judgement.NotYet($"{target.Id} streams, {lag} bytes behind; {checkpoint} at {source.Site}")
                : Judgement.Done($"{target.Id} streams, {lag} bytes behind; {checkpoint} at {source.Site}");
    });

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var source = PostgresInstance.Of(Promotion.Other(step));
        var began = parts.Time.GetTimestamp();
        await parts.Connections.TalkAsync(source, async (connection, token) =>
        {
            await connection.CheckpointAsync(token);
            return 0;
        }, cancellation);
        return $"checkpoint at {source.Id} took {parts.Time.GetElapsedTime(began).TotalMilliseconds:0} ms";
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation)
    {
        var source = PostgresInstance.Of(Promotion.Other(step));
        var findings = new List<PreflightFinding>();
        foreach (var instance in (PostgresInstance[])[PostgresInstance.Of(step.Instance!), source])
        {
            try
            {
                findings.Add(await parts.Connections.TalkAsync(instance, async (connection, token) =>
                    await connection.ExecuteScalarTextAsync(
                        "select (pg_has_role('pg_checkpoint', 'usage') or current_setting('is_superuser') = 'on')::text", token) == "true"
                        ? new PreflightFinding(true, $"{instance.User} logs in at {instance.Address} and may write a checkpoint", null)
                        : new PreflightFinding(false, $"role {instance.User} may not write a checkpoint", "run the SQL that 'kedge init' prints"), cancellation));
            }
            catch (DriverException e)
            {
                findings.Add(new(false, e.Message, e.Hint));
            }
        }

        return findings;
    }

    private sealed record LastCheckpoint(TimeSpan Age, long LogSince)
    {
        public static async Task<LastCheckpoint> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
            (await connection.QueryAsync(
                """
                select extract(epoch from now() - checkpoint_time)::float8,
                       case when pg_is_in_recovery() then 0 else pg_current_wal_insert_lsn() - redo_lsn end::bigint
                from pg_control_checkpoint()
                """,
                static r => new LastCheckpoint(TimeSpan.FromSeconds(r.GetDouble(0)), r.GetInt64(1)), cancellation))[0];

        public override string ToString() => $"the last checkpoint was {Age.TotalSeconds:0} s and {LogSince} bytes ago";
    }
}
