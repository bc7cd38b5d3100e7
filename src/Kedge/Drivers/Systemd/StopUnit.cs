namespace Kedge.Drivers.Systemd;

/// <summary>Stops a unit, as its file says how; then for good.</summary>
/// <param name="patience">How long it may take before SIGKILL; null for as long as systemd itself allows.</param>
internal sealed class StopUnit(ISystemctl systemctl, UnitLook look, TimeProvider time, TimeSpan? patience) : IDriverAction
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var unit = Unit.Of(step.Options);
        var sight = await look.SeeAsync(unit, cancellation);
        return sight.State switch
        {
            // A name that is wrong must not pass for a service that is stopped.
            { IsFound: false } => Judgement.Impossible($"{unit} is {sight}", "mend the name in the plan; or stop by hand what runs there, and skip the step"),
            { IsDown: true } => Judgement.Done($"{unit} is {sight}"),
            _ => Judgement.NotYet($"{unit} is {sight}"),
        };
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var unit = Unit.Of(step.Options);
        var began = time.GetTimestamp();
        var sight = await look.SeeAsync(unit, cancellation);
        if (!sight.State.IsFound)
        {
            throw new DriverException($"{unit} is {sight}", "mend the name in the plan");
        }

        if (sight.State.IsDown)
        {
            return $"{unit} was {sight}";
        }

        // A stop must be under way before the kill, else systemd may restart what was killed.
        await systemctl.BeginStopAsync(unit, cancellation);
        var killed = sight.Standing is Standing.Hangs;
        if (killed)
        {
            await systemctl.KillAsync(unit, cancellation);
        }

        while (!(sight = await look.SeeAsync(unit, cancellation)).State.IsDown)
        {
            if (!killed && time.GetElapsedTime(began) > patience)
            {
                await systemctl.KillAsync(unit, cancellation);
                killed = true;
            }

            await Task.Delay(LookEvery, time, cancellation);
        }

        return $"{unit} is {sight}{(killed ? ", killed by SIGKILL" : "")}";
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        UnitPreflight.CheckAsync(systemctl, Unit.Of(step.Options), cancellation);
}
