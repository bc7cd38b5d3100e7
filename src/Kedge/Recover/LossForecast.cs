using Kedge.Drivers;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Recover;

/// <summary>Measures what promoting the copies at the sites of a move would lose, before anything is decided.</summary>
public sealed class LossForecast(EngineWorld world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>One reading for each data store that moves; all are taken at once, within two seconds.</summary>
    public async Task<IReadOnlyList<ExpectedLoss>> MeasureAsync(
        KedgePlan plan, IReadOnlyList<Move> moves, DateTimeOffset? outage, CancellationToken cancellation)
    {
        var readings =
            from move in moves
            let service = plan.FindService(move.Service)
            from component in service.Components
            where world.Drivers.Get(component.Driver) is IDataStore
            select MeasureAsync(service, component, move, outage, cancellation);
        return await Task.WhenAll(readings);
    }

    private async Task<ExpectedLoss> MeasureAsync(
        Service service, Component component, Move move, DateTimeOffset? outage, CancellationToken cancellation)
    {
        var reading = component.At(move.To) is { } target
            ? await ReadAsync(component, target, move, outage, cancellation)
            : LossReading.Unknown($"{component.Id} has no copy at {move.To}");
        var refused = !reading.Known || reading.Time is not { } time || (service.Objectives.Rpo is { } rpo && time > rpo);
        return new(component.Id, reading.Known, reading.Time, reading.Bytes, refused, reading.Basis);
    }

    private async Task<LossReading> ReadAsync(
        Component component, Instance target, Move move, DateTimeOffset? outage, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, world.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var store = (IDataStore)world.Drivers.Get(component.Driver);
        try
        {
            var lastKnown = await world.Watermarks.FindAsync(new(component.Id, move.From), linked.Token);
            return await world.Workplace.RunAsync(() => store.ExpectLossAsync(new(component, target), lastKnown, outage, linked.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return LossReading.Unknown($"the copy at {move.To} did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return LossReading.Unknown(failure.Message);
        }
    }
}
