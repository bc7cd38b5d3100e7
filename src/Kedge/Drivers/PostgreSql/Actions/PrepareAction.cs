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

    private static readonly TimeSpan RecentEnough = TimeSpan.FromSeconds(30);

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var target = PostgresInstance.Of(step.Instance!);
        var source = PostgresInstance.Of(Promotion.Other(step));
        var standby = await parts.Connections.TalkAsync(target, ServerState.ReadAsync, cancellation);
        var (primary, row, age) = await parts.Connections.TalkAsync(source, async (connection, token) =>
            (await ServerState.ReadAsync(connection, token),
             await StandbyRow.FindAsync(connection, target, token),
             await CheckpointAgeAsync(connection, token)), cancellation);
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
            : age > RecentEnough
                ? Judgement.NotYet($"{target.Id} streams, {lag} bytes behind; the last checkpoint at {source.Site} is {age.TotalSeconds:0} s old")
                : Judgement.Done($"{target.Id} streams, {lag} bytes behind; the last checkpoint at {source.Site} is {age.TotalSeconds:0} s old");
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var source = PostgresInstance.Of(Promotion.Other(step));
        var began = parts.Time.GetTimestamp();
        await parts.Connections.TalkAsync(source, async (connection, token) =>
        {
            await connection.LiftTimeLimitAsync(token);
            return await connection.ExecuteAsync("checkpoint", token);
        }, cancellation);
        return $"checkpoint at {source.Id} took {parts.Time.GetElapsedTime(began).TotalMilliseconds:0} ms";
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation)
    {
        try
        {
            var judgement = await JudgeAsync(step, cancellation);
            return [new(judgement.Kind is not JudgementKind.Impossible, judgement.What, judgement.Hint)];
        }
        catch (DriverException e)
        {
            return [new(false, e.Message, e.Hint)];
        }
    }

    private static async Task<TimeSpan> CheckpointAgeAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        TimeSpan.FromSeconds((await connection.QueryAsync(
            "select extract(epoch from now() - checkpoint_time)::float8 from pg_control_checkpoint()",
            static r => r.GetDouble(0), cancellation))[0]);
}
