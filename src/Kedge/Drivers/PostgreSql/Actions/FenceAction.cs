using Kedge.Drivers.PostgreSql.Server;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>Makes sure that an instance cannot accept writes: no process of its data folder lives on its machine.</summary>
internal sealed class FenceAction(PostgresParts parts) : IDriverAction
{
    private const string Elsewhere =
        "run the fence command of its site, or, once somebody has made sure that it is dead, attest it: kedge run confirm";

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var instance = PostgresInstance.Of(step.Instance!);
        if (await ServerControl.WhyNotHereAsync(instance, cancellation) is { } why)
        {
            return Judgement.Impossible(why, Elsewhere);
        }

        var found = ServerProcesses.Find(instance.Data);
        return found.Living.Count > 0
            ? Judgement.NotYet($"{found.Living.Count} processes of {instance.Data} live")
            : found.Hidden > 0
                ? Judgement.Impossible(
                    $"{found.Hidden} processes of PostgreSQL belong to users that this process may not look at: one may be of {instance.Data}",
                    "run Kedge as the server's user or as root")
                : await parts.Control.IsUnitUpAsync(instance, cancellation)
                    ? Judgement.NotYet($"no process of {instance.Data} lives, but systemd may start {instance.Unit} again")
                    : Judgement.Done($"no process of {instance.Data} lives");
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var instance = PostgresInstance.Of(step.Instance!);
        if (await ServerControl.WhyNotHereAsync(instance, cancellation) is { } why)
        {
            throw new DriverException(why, Elsewhere);
        }

        return $"{instance.Id}: {await parts.Control.EndAsync(instance, cancellation)}";
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        await Preflight.OfManagedServerAsync(parts, PostgresInstance.Of(step.Instance!), Elsewhere, cancellation);
}
