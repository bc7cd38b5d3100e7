using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Process;

/// <summary>Stops an instance and everything that it has started: politely, then for good.</summary>
/// <param name="longestPolite">Takes the place of a longer <c>stop-timeout</c>; null for none.</param>
internal sealed class StopAction(DriverServices services, Look look, TimeSpan? longestPolite) : IDriverAction
{
    /// <summary>SIGKILL takes effect at once, except on a process that waits for a device that does not answer.</summary>
    private static readonly TimeSpan LongestDeath = TimeSpan.FromSeconds(5);

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var settings = look.SettingsOf(step.Instance!);
        var running = Running.Find(settings);
        if (running.All.Any())
        {
            return Judgement.NotYet(Describe(running));
        }

        var sight = await look.SeeAsync(step.Instance!, cancellation);
        return sight.Ready
            ? Judgement.Impossible(sight.What, "stop it by whatever has started it, then retry the step")
            : Judgement.Done("no process of it runs any more");
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var settings = look.SettingsOf(step.Instance!);
        var began = services.Time.GetTimestamp();
        var patience = settings.StopTimeout < longestPolite ? settings.StopTimeout : longestPolite ?? settings.StopTimeout;
        var running = Running.Find(settings);
        if (!running.All.Any())
        {
            return "nothing of it ran";
        }

        // One that a signal has stopped would have to be woken up to stop by itself; it might do anything else first.
        if (!running.All.Any(p => ProcessStat.Read(p.Pid) is { IsStopped: true })
            && await StopPolitelyAsync(settings, running, () => patience - services.Time.GetElapsedTime(began), cancellation))
        {
            return $"{Describe(running)}; stopped by SIG{settings.Options.Text("stop-signal")}";
        }

        var killed = Running.Find(settings).All.SelectMany(ProcessTable.KillTree).Distinct().ToList();
        return await ProcessTable.WaitForEndAsync(killed, LongestDeath, services.Time, cancellation)
            ? $"{Describe(running)}; killed by SIGKILL"
            : throw new DriverException(
                $"it does not die, not even of SIGKILL: {string.Join(", ", killed.Where(ProcessTable.IsAlive))}",
                "it waits for a device or a network file system; nothing but that, or a restart of the machine, ends it");
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation)
    {
        try
        {
            var running = Running.Find(look.SettingsOf(step.Instance!));
            foreach (var process in running.All)
            {
                ProcessTable.Signal(process, signal: 0);
            }

            return Task.FromResult<IReadOnlyList<PreflightFinding>>([new(true, $"{Describe(running)}; it may be stopped", null)]);
        }
        catch (DriverException e)
        {
            return Task.FromResult<IReadOnlyList<PreflightFinding>>([new(false, e.Message, e.Hint)]);
        }
    }

    /// <summary>The main process is asked first, and what it has not taken along after it. False where time ran out.</summary>
    private async Task<bool> StopPolitelyAsync(
        ProcessSettings settings, Running running, Func<TimeSpan> left, CancellationToken cancellation)
    {
        if (running.Main is { } main)
        {
            ProcessTable.Signal(main.Identity, settings.StopSignal);
            if (!await ProcessTable.WaitForEndAsync([main.Identity], left(), services.Time, cancellation))
            {
                return false;
            }
        }

        var rest = Running.Find(settings).All.ToList();
        foreach (var process in rest)
        {
            ProcessTable.Signal(process, settings.StopSignal);
        }

        return await ProcessTable.WaitForEndAsync(rest, left(), services.Time, cancellation) && !Running.Find(settings).All.Any();
    }

    private static string Describe(Running running) => running switch
    {
        { Main: { IsStopped: true } main } => $"process {main.Pid} is there, but a signal has stopped it",
        { Main: { } main, Rest.Count: 0 } => $"process {main.Pid} runs",
        { Main: { } main } => $"process {main.Pid} runs, with {running.Rest.Count} more that it has started",
        { Rest.Count: > 0 } => $"{running.Rest.Count} processes run that an earlier start has left",
        _ => "no process of it runs",
    };
}
