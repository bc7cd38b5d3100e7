using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Process;

/// <summary>Sees what an instance does, and changes nothing.</summary>
internal sealed class Look(DriverServices services)
{
    private readonly Readiness readiness = new(services.Time);
    private readonly ProgramDigests digests = new();

    internal ProcessSettings SettingsOf(InstanceContext instance) => new(instance, services.StateFolder, services.Secrets);

    internal async Task<Sight> SeeAsync(InstanceContext instance, CancellationToken cancellation)
    {
        var settings = SettingsOf(instance);
        var main = Running.FindMain(settings);
        if (main is { IsStopped: true })
        {
            return new(main, Ready: false, $"process {main.Pid} is there, but a signal has stopped it");
        }

        if (main is null && !Readiness.CanAsk(settings.Options))
        {
            return new(null, Ready: false, "no process of it runs");
        }

        var (ready, what) = await readiness.AskAsync(settings.Options, main, cancellation);
        return new(main, ready, (main, ready) switch
        {
            ({ }, _) => $"process {main.Pid} runs, {what}",
            (null, true) => $"{what}, but Kedge has not started what answers there",
            _ => $"no process of it runs, {what}",
        });
    }

    internal async Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation)
    {
        Sight sight;
        try
        {
            sight = await SeeAsync(instance, cancellation);
        }
        catch (DriverException e)
        {
            return new() { State = InstanceState.Unknown, Summary = e.Message };
        }

        return new()
        {
            State = sight switch
            {
                { Ready: true } => InstanceState.Running,
                { Main: { } } => InstanceState.Failing,
                _ => InstanceState.Stopped,
            },
            Summary = sight.What,
            Facts = new Dictionary<string, string>(digests.Facts("program", SettingsOf(instance).Start)),
        };
    }

    /// <param name="Main">The process that Kedge started; null where it does not run.</param>
    /// <param name="Ready">True where it, or what stands in its place, does what it is for.</param>
    internal sealed record Sight(ProcessStat? Main, bool Ready, string What);
}
