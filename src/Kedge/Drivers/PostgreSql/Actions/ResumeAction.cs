using Kedge.Drivers.PostgreSql.Server;
using Kedge.Drivers.PostgreSql.Standby;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>
/// Starts the old primary again when a failover is rolled back: its data is as it was, and the copy that had taken over
/// has been fenced.
/// </summary>
internal sealed class ResumeAction(PostgresParts parts) : IDriverAction
{
    private const string Elsewhere = "run a node at its site: starting it takes a process on its machine";

    public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => Talking.OrNotYetAsync(async () =>
    {
        var instance = PostgresInstance.Of(step.Instance!);
        if (await WhyNotAsync(instance, cancellation) is { } why)
        {
            return Judgement.Impossible(why.Message, why.Hint ?? Elsewhere);
        }

        if (ServerProcesses.Find(instance.Data).AllDead)
        {
            return Judgement.NotYet("it is down");
        }

        return await parts.Connections.TalkAsync(instance, async (connection, token) =>
        {
            var state = await ServerState.ReadAsync(connection, token);
            return await Promotion.JudgePromotedAsync(connection, state, step, token)
                ?? Judgement.Impossible($"{instance.Id} runs as a standby", "go back with a failback, which promotes it");
        }, cancellation);
    });

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var instance = PostgresInstance.Of(step.Instance!);
        if (await WhyNotAsync(instance, cancellation) is { } why)
        {
            throw why;
        }

        await Promotion.DemandOtherIsDownAsync(step, cancellation);
        await DemandOtherIsSilentAsync(PostgresInstance.Of(Promotion.Other(step)), cancellation);
        if (ServerProcesses.Find(instance.Data).AllDead)
        {
            await new StandbySettings(parts).FreeOfStandbysAsync(instance, cancellation);
        }

        await parts.Control.StartAsync(instance, cancellation);

        return await parts.Connections.TalkAsync(instance, async (connection, token) =>
        {
            var state = await ServerState.ReadAsync(connection, token);
            await Promotion.FreeOfStandbysAsync(connection, state, instance, token);
            if (!state.HasSchema)
            {
                await connection.ExecuteAsync(KedgeSchema.Create, token);
            }

            await KedgeSchema.WriteEpochAsync(
                connection, instance.Id, Promotion.Epoch(step), parts.Time.GetUtcNow(), state.NextTransaction, promoted: false, token);
            return $"{instance.Id} accepts writes again; epoch {Promotion.Epoch(step)} is in the data";
        }, cancellation);
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        await Preflight.OfManagedServerAsync(parts, PostgresInstance.Of(step.Instance!), Elsewhere, cancellation);

    private static async Task<DriverException?> WhyNotAsync(PostgresInstance instance, CancellationToken cancellation) =>
        await ServerControl.WhyNotHereAsync(instance, cancellation) is { } elsewhere
            ? new(elsewhere, Elsewhere)
            : PostgresDataFolder.Describe(instance.Data) is not { } folder
                ? new($"there is no cluster in {instance.Data}", "go back with a failback, once it was rebuilt as a standby")
                : folder.IsStandby || StandbyBuilder.IsHalfDone(instance)
                    ? new($"{instance.Id} has been made a standby already", "go back with a failback, which promotes it")
                    : null;

    /// <summary>The other copy was fenced, wherever it is; one that accepts writes all the same has not been.</summary>
    private async Task DemandOtherIsSilentAsync(PostgresInstance other, CancellationToken cancellation)
    {
        bool writable;
        try
        {
            writable = await parts.Connections.TalkAsync(other, async (connection, token) =>
                !(await ServerState.ReadAsync(connection, token)).InRecovery, cancellation);
        }
        catch (DriverException)
        {
            return;
        }

        if (writable)
        {
            throw new DriverException($"{other.Id} accepts writes: nothing is started beside it", "fence it first");
        }
    }
}
