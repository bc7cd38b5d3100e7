using Kedge.Drivers.PostgreSql.Server;
using Npgsql;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>
/// Promotes the standby in a planned move, once it has all that the old primary ever wrote: it has replayed the
/// checkpoint with which a clean stop ends the log.
/// </summary>
internal sealed class TakeOverAction(PostgresParts parts) : IDriverAction
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly Promotion promotion = new(parts);
    private readonly ShutdownProof proof = new(parts);

    public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => Talking.OrNotYetAsync(async () =>
    {
        var instance = PostgresInstance.Of(step.Instance!);
        var seen = await parts.Connections.TalkAsync(instance, async (connection, token) =>
        {
            var state = await ServerState.ReadAsync(connection, token);
            return (State: state, Judgement: await Promotion.JudgePromotedAsync(connection, state, step, token));
        }, cancellation);
        if (seen.Judgement is { } judgement)
        {
            return judgement;
        }

        try
        {
            var end = await proof.ReadAsync(step, seen.State, cancellation);
            return Judgement.NotYet(seen.State.Replayed > end
                ? $"a standby that has replayed its source's shutdown checkpoint at {end}"
                : $"a standby at {seen.State.Replayed}, still to replay its source's shutdown checkpoint at {end}");
        }
        catch (DriverException e) when (e.Hint is not null)
        {
            return Judgement.Impossible(e.Message, e.Hint);
        }
    });

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        await Promotion.DemandOtherIsDownAsync(step, cancellation);
        return await promotion.PromoteAsync(step, async (connection, state, token) =>
        {
            var end = await proof.ReadAsync(step, state, token);
            var replayed = state.Replayed;
            // A record is replayed whole: past its beginning is past all of it.
            while (!(replayed > end))
            {
                await Task.Delay(Look, parts.Time, token);
                replayed = await ReplayedAsync(connection, token);
            }
        }, cancellation);
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        await Preflight.OfStandbyAsync(parts, PostgresInstance.Of(step.Instance!), cancellation);

    private static async Task<NpgsqlLogSequenceNumber?> ReplayedAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await connection.QueryAsync("select pg_last_wal_replay_lsn()::text", static r => ServerState.Lsn(r, 0), cancellation))[0];
}
