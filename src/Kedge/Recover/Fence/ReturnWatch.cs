using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Recover.Fence;

/// <summary>
/// Looks for instances that came back writable where their component is not active any more, and stops them. Kedge's
/// start guard should have kept them from starting; this is the second line.
/// </summary>
public sealed class ReturnWatch(KedgePlan plan, JournalSession session, Register register, RunBook runs, EngineWorld world)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Watches until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            foreach (var service in plan.Services)
            {
                foreach (var component in service.Components.Where(c => world.Drivers.Get(c.Driver).Contract.HoldsData))
                {
                    foreach (var instance in component.Instances)
                    {
                        await LookAsync(service, new(component, instance), cancellation);
                    }
                }
            }

            await Task.Delay(Every, world.Time, cancellation);
        }
    }

    private async Task LookAsync(Service service, InstanceContext instance, CancellationToken cancellation)
    {
        if (!IsForeign(service, instance.Id))
        {
            return;
        }

        using var limit = new CancellationTokenSource(Patience, world.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var driver = world.Drivers.Get(instance.Component.Driver);
            var seen = await world.Workplace.RunAsync(() => driver.ObserveAsync(instance, linked.Token));
            if (seen.Role is DataRole.Writable)
            {
                await StopAsync(service, driver, instance, linked.Token);
            }
        }
        catch (Exception failure) when (failure is not JournalDamagedException
            && !(failure is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            // It is looked at again in a second; status shows an instance that is writable at the wrong site.
        }
    }

    private async Task StopAsync(Service service, IDriver driver, InstanceContext instance, CancellationToken cancellation)
    {
        await using var guard = await world.Guards.AcquireAsync(instance.Id, driver.GuardFolder(instance), cancellation);
        await session.CatchUpAsync(cancellation);
        var newest = register.Epoch(instance.Id.Component);
        if (!IsForeign(service, instance.Id) || guard.Epoch > newest || register.Leader != world.Me)
        {
            return;
        }

        var fence = driver.Actions[driver.Contract.Actions.First(a => a.Role is ActionRole.Fence).Name];
        var cameBackWith = guard.Epoch;
        await guard.RaiseEpochAsync(newest, register.Epochs[instance.Id.Component].Site, cancellation);
        var report = await world.Workplace.RunAsync(() => fence.ActAsync(ContextOf(service, instance, newest), cancellation));
        await session.PersistAsync(
            () => [new InstanceFenced(instance.Id, cameBackWith, report)], world.Time, cancellation);
    }

    private bool IsForeign(Service service, InstanceId instance) =>
        register.Epochs.TryGetValue(instance.Component, out var holding)
        && holding.Site != instance.Site
        && (register.ActiveSite(service) != instance.Site || WasFencedBy(holding.Run, instance));

    /// <summary>A run that is still under way has seen it stopped, and goes by that.</summary>
    private bool WasFencedBy(RunId run, InstanceId instance) => runs.Find(run) is { Live: true } live
        && live.Steps.Any(s => s.Step.Fences && s.Step.Instance == instance && s.Status is StepStatus.Done);

    private StepContext ContextOf(Service service, InstanceContext instance, long epoch) => new()
    {
        Instance = instance,
        Options = instance.Options,
        Kind = RunKind.Failover,
        Run = "return",
        From = instance.Id.Site,
        To = register.ActiveSite(service),
        Epoch = epoch,
        LossAccepted = false,
        Rpo = service.Objectives.Rpo,
        LastKnown = null,
        Outage = null,
    };
}
