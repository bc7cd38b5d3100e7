using Kedge.Drivers.PostgreSql.Server;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>
/// Stops the primary in a planned move: fast, so that open sessions do not hold it up (a smart stop waits for them, and
/// goes on committing meanwhile), and clean, so that its shutdown checkpoint proves what the standby must have.
/// </summary>
internal sealed class StopAction(PostgresParts parts) : IDriverAction
{
    private const string Elsewhere = "run a node at its site: stopping it takes a process on its machine";

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var instance = PostgresInstance.Of(step.Instance!);
        if (await ServerControl.WhyNotHereAsync(instance, cancellation) is { } why)
        {
            return Judgement.Impossible(why, Elsewhere);
        }

        if (!ServerProcesses.Find(instance.Data).AllDead)
        {
            return PostgresDataFolder.Describe(instance.Data) is { IsStandby: true }
                ? Judgement.Impossible($"{instance.Id} runs as a standby: there is no primary to stop here", "look at 'kedge status' for the active site")
                : Judgement.NotYet("it runs");
        }

        var control = await parts.Tools.ReadControlFileAsync(instance, cancellation);
        return control.IsCleanPrimary
            ? Judgement.Done($"stopped; its shutdown checkpoint is at {control.Checkpoint}")
            : Judgement.Impossible($"it is down, but was not stopped cleanly ('{control.State}')",
                "start it again and repeat, or declare a failover: what the standby lacks cannot be told from here");
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var instance = PostgresInstance.Of(step.Instance!);
        if (await ServerControl.WhyNotHereAsync(instance, cancellation) is { } why)
        {
            throw new DriverException(why, Elsewhere);
        }

        var began = parts.Time.GetTimestamp();
        await parts.Control.StopFastAsync(instance, cancellation);
        return $"{instance.Id}: fast stop took {parts.Time.GetElapsedTime(began).TotalMilliseconds:0} ms";
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        await Preflight.OfManagedServerAsync(parts, PostgresInstance.Of(step.Instance!), Elsewhere, cancellation);
}
