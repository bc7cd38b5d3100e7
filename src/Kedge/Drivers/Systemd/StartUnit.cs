namespace Kedge.Drivers.Systemd;

/// <summary>Starts a unit. systemctl's exit code proves nothing: the unit and its process are looked at.</summary>
internal sealed class StartUnit(ISystemctl systemctl, UnitLook look, TimeProvider time) : IDriverAction
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var unit = Unit.Of(step.Options);
        var sight = await look.SeeAsync(unit, cancellation);
        return sight switch
        {
            { State.IsLoaded: false } => Judgement.Impossible($"{unit} is {sight}", $"look at systemctl status {unit}, then retry the step"),
            { Standing: Standing.Up } => Judgement.Done($"{unit} is {sight}"),
            _ => Judgement.NotYet($"{unit} is {sight}"),
        };
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var unit = Unit.Of(step.Options);
        var sight = await look.SeeAsync(unit, cancellation);
        if (!sight.State.IsLoaded)
        {
            throw new DriverException($"{unit} is {sight}", $"look at systemctl status {unit}");
        }

        var report = "";
        if (sight.Standing is Standing.Hangs)
        {
            // To systemd it runs, so that starting it would do nothing.
            await systemctl.BeginStopAsync(unit, cancellation);
            await systemctl.KillAsync(unit, cancellation);
            while (!(await look.SeeAsync(unit, cancellation)).State.IsDown)
            {
                await Task.Delay(LookEvery, time, cancellation);
            }

            report = $"killed process {sight.State.MainProcess}, which a signal had stopped; ";
        }

        await systemctl.StartAsync(unit, cancellation);
        sight = await look.SeeAsync(unit, cancellation);
        return sight.State.HasFailed
            ? throw new DriverException($"{unit} is {sight}", $"read {unit.Journal}")
            : $"{report}{unit} is {sight}";
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        UnitPreflight.CheckAsync(systemctl, Unit.Of(step.Options), cancellation);
}
