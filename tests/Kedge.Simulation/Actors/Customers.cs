using Kedge.Plan.Model;
using Kedge.Simulation.World;

namespace Kedge.Simulation.Actors;

/// <summary>Customers order all the time, wherever the address leads them, and remember each order that was acknowledged.</summary>
internal sealed class Customers(Episode episode)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ServiceName, TimeSpan> served = [];

    /// <summary>While they sleep nobody orders, so that a way back may be without loss.</summary>
    public bool Asleep { get; set; }

    public void Start()
    {
        foreach (var service in episode.Setting.Plan.Services)
        {
            episode.Outside.Start(() => OrderAsync(service), static _ => { });
        }
    }

    /// <summary>When an order was last acknowledged.</summary>
    public TimeSpan? LastServed(ServiceName service) => served.TryGetValue(service, out var at) ? at : null;

    private async Task OrderAsync(Service service)
    {
        var dice = episode.Scheduler.Dice;
        var address = service.Components.First(c => c.Driver == AddressDriver.Kind).Id;
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(200, 800)), episode.Outside.Clock);
            if (Asleep || !episode.World.Serves(service, episode.World.Addresses[address], out _, out var copy) || copy is null)
            {
                continue;
            }

            var store = episode.World.Stores[copy.Id.Component];
            var synchronously = copy.CommitsWait;
            var (order, committed) = store.Write(copy);
            if (await Task.WhenAny(committed, Task.Delay(Patience, episode.Outside.Clock)) != committed || !await committed)
            {
                continue;
            }

            served[service.Name] = episode.Scheduler.Elapsed;

            // Where nothing guards the start, an old copy may come back and take orders; those are lost, as the manual says.
            if (copy.ReturnedAt is null)
            {
                episode.WorldLaw.Acknowledge(store.Id, order, synchronously && copy.CommitsWait);
            }
        }
    }
}
