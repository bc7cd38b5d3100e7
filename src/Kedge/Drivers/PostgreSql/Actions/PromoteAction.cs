using Kedge.Drivers.PostgreSql.Loss;
using Kedge.Drivers.PostgreSql.Server;
using Kedge.Plan.Contracts;
using Npgsql;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>
/// Promotes the standby in an unplanned move. What the old primary had not replicated is lost: it refuses a loss that
/// is unknown, or greater than the objective, unless a person accepted it by name.
/// </summary>
internal sealed class PromoteAction(PostgresParts parts) : IDriverAction
{
    private readonly Promotion promotion = new(parts);

    public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => Talking.OrNotYetAsync(async () =>
    {
        var instance = PostgresInstance.Of(step.Instance!);
        if (await MustStartAsync(instance, cancellation))
        {
            return Judgement.NotYet("the standby is down, or starting; it is promoted once it has started");
        }

        return await parts.Connections.TalkAsync(instance, async (connection, token) =>
        {
            var state = await ServerState.ReadAsync(connection, token);
            if (await Promotion.JudgePromotedAsync(connection, state, step, token) is { } judgement)
            {
                return judgement;
            }

            var loss = await ExpectAsync(connection, state, step, token);
            return Refusal(loss, step) is { } refusal
                ? Judgement.Impossible(refusal, AcceptIt(step))
                : Judgement.NotYet($"a standby at {state.Position}: {loss.Basis}");
        }, cancellation);
    });

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var instance = PostgresInstance.Of(step.Instance!);
        await Promotion.DemandOtherIsDownAsync(step, cancellation);
        if (await MustStartAsync(instance, cancellation))
        {
            await parts.Control.StartAsync(instance, cancellation);
        }

        return await promotion.PromoteAsync(step, async (connection, state, token) =>
        {
            var loss = await ExpectAsync(connection, state, step, token);
            if (Refusal(loss, step) is { } refusal)
            {
                throw new DriverException(refusal, AcceptIt(step));
            }
        }, cancellation);
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        await Preflight.OfStandbyAsync(parts, PostgresInstance.Of(step.Instance!), cancellation);

    private async Task<LossReading> ExpectAsync(
        NpgsqlConnection connection, ServerState state, StepContext step, CancellationToken cancellation)
    {
        var marker = await KedgeSchema.ReadMarkerAsync(connection, step.Instance!.Id.Component, below: null, cancellation);
        return new StandbyCopy(state.Position, state.Replayed, marker)
            .ExpectLoss(step.LastKnown, step.Outage, parts.Time.GetUtcNow());
    }

    private static string? Refusal(LossReading loss, StepContext step) => step.LossAccepted
        ? null
        : !loss.Known || loss.Time is not { } time
            ? $"what would be lost is not known: {loss.Basis}"
            : step.Rpo is { } rpo && time > rpo
                ? $"{Durations.Show(Rounded(time))} of data would be lost, and the RPO is {Durations.Show(rpo)}: {loss.Basis}"
                : null;

    private static string AcceptIt(StepContext step) =>
        $"bring the old primary's log here if it can be read, or accept the loss by name: --accept-loss {step.Instance!.Id.Component}";

    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));

    private static async Task<bool> MustStartAsync(PostgresInstance instance, CancellationToken cancellation) =>
        await ServerControl.WhyNotHereAsync(instance, cancellation) is null
        && PostgresDataFolder.Describe(instance.Data) is { IsStandby: true }
        && !ServerControl.IsReady(instance);
}
