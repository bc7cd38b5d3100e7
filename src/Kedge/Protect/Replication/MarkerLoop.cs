using Kedge.Drivers;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;

namespace Kedge.Protect.Replication;

/// <summary>
/// Writes a marker to each data store all the time and keeps how far it had got, so that after a loss it can be told
/// what the other copy lacks. It never holds a data store up: a marker that does not get through in time is left out.
/// </summary>
public sealed class MarkerLoop(
    KedgePlan plan, Register register, DriverRegistry drivers, IWatermarkBoard board, IWorkplace workplace, TimeProvider time)
{
    private readonly Dictionary<ComponentId, MarkerHealth> health = [];

    /// <summary>How marking each data store goes.</summary>
    public IReadOnlyDictionary<ComponentId, MarkerHealth> Health => health;

    /// <summary>Marks until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        from service in plan.Services
        from component in service.Components
        where drivers.Get(component.Driver) is IDataStore
        select RunAsync(service, component, cancellation));

    private async Task RunAsync(Service service, Component component, CancellationToken cancellation)
    {
        var store = (IDataStore)drivers.Get(component.Driver);
        SiteName? marked = null;
        var sequence = 0L;
        while (true)
        {
            var begun = time.GetUtcNow();
            var site = register.ActiveSite(service);
            if (component.At(site) is { } instance)
            {
                if (marked != site && await NewestAsync(component, cancellation) is { } newest)
                {
                    (sequence, marked) = (newest, site);
                }

                if (marked == site)
                {
                    var marker = new Marker(component.Id, register.Epoch(component.Id), ++sequence, begun);
                    await MarkAsync(store, new(component, instance), marker, cancellation);
                }
            }

            var rest = begun + plan.MarkerEvery - time.GetUtcNow();
            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.FromMilliseconds(1), time, cancellation);
        }
    }

    /// <summary>
    /// Sequences go on where they were at any of the component's sites, so that they never repeat. Null while that cannot be
    /// read.
    /// </summary>
    private async Task<long?> NewestAsync(Component component, CancellationToken cancellation)
    {
        try
        {
            var newest = 0L;
            foreach (var instance in component.Instances)
            {
                newest = Math.Max(newest, (await board.FindAsync(instance.Id, cancellation))?.Marker ?? 0);
            }

            return newest;
        }
        catch (Store.StoreException failure)
        {
            health[component.Id] = new(health.GetValueOrDefault(component.Id)?.LastGood, failure.Message);
            return null;
        }
    }

    private async Task MarkAsync(IDataStore store, InstanceContext active, Marker marker, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(plan.MarkerEvery < TimeSpan.FromSeconds(2) ? TimeSpan.FromSeconds(2) : plan.MarkerEvery, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var watermark = await workplace.RunAsync(() => store.MarkAsync(active, marker, linked.Token));
            await board.KeepAsync(watermark, cancellation);
            health[marker.Component] = new(marker.At, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            health[marker.Component] = new(LastGood(marker), "the data store did not take the marker in time");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            health[marker.Component] = new(LastGood(marker), failure.Message);
        }
    }

    private DateTimeOffset? LastGood(Marker marker) => health.GetValueOrDefault(marker.Component)?.LastGood;
}

/// <summary>How marking a data store goes.</summary>
/// <param name="LastGood">Time of the newest marker that got through; null where none did since this process began.</param>
/// <param name="Failure">Why the newest did not; null where it did.</param>
public sealed record MarkerHealth(DateTimeOffset? LastGood, string? Failure);
