using Kedge.Demo.Story;
using Kedge.Demo.World;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Demo.Play;

/// <summary>After the failover: what it cost, measured at the customers.</summary>
internal sealed class Reckoning(Stage stage)
{
    private static readonly ServiceName Ordering = new("orders");

    public async Task PlayAsync(RunState run, CancellationToken cancellation)
    {
        var struck = stage.Struck!.Value;
        var west = Stage.AddressOf("west").ToString();
        await stage.UntilOrdersAsync(o => o.RecoveryTime(struck, west) is not null, TimeSpan.FromSeconds(15), cancellation);
        await stage.UntilOrdersAsync(o => o.LastAcknowledged > stage.Time.GetUtcNow() - TimeSpan.FromSeconds(1)
            && o.Outcomes.Count(x => x.Refused is null && x.At > struck && x.Address == west) > DemoOptions.Rate, TimeSpan.FromSeconds(15), cancellation);

        var orders = stage.NewestOrders();
        var stored = await StoredOrders.ReadAsync(stage.World, "west", cancellation);
        var lost = orders.Outcomes.Where(o => o.Refused is null && !stored.Contains(o.Order)).ToList();
        var rta = orders.RecoveryTime(struck, west);
        var rpa = orders.LostTime(struck, lost);
        var objectives = stage.Plane.State.Plans.Get(run.Planned.PlanVersion).FindService(Ordering)!.Objectives;

        stage.Teller.Show(OrderPages.Timeline(orders, struck - TimeSpan.FromSeconds(2), stage.Time.GetUtcNow()));
        stage.Teller.Gap();
        stage.Teller.Show(OutcomePages.Objectives(
        [
            new("RTA", rta, objectives.Rto!.Value, "from the disaster to the first order acknowledged in the west"),
            new("RPA", rpa, objectives.Rpo!.Value, lost.Count == 0
                ? $"none of {Spans.Count(orders.Acknowledged, "acknowledged order")} is missing"
                : $"{Spans.Count(lost.Count, "acknowledged order")} of {Spans.Show(orders.Acknowledged)} missing; Kedge's own bound: {Bound(run)}"),
        ]));
        stage.Teller.Gap();
        stage.Teller.Show(OutcomePages.Clocks(
        [
            ("disaster", TimeSpan.Zero),
            ("detected", Incident(run).Opened.Detected - struck),
            ("decided", run.StartedAt!.Value - struck),
            ("serving", run.ServingAt!.Value - struck),
            ("verified", run.CompletedAt!.Value - struck),
        ]));
        stage.Outcome = stage.Outcome with
        {
            Detected = Incident(run).Opened.Detected - struck,
            Decided = run.StartedAt!.Value - struck,
            Rta = rta,
            Rpa = rpa,
            Acknowledged = orders.Acknowledged,
            Missing = lost.Count,
        };
        stage.Judge(rta <= objectives.Rto, $"orders were taken again {(rta is { } time ? Spans.Show(time) : "never")} after the disaster (RTO {Durations.Show(objectives.Rto!.Value)})");
        stage.Judge(
            rpa <= objectives.Rpo && (!stage.Options.Synchronous || lost.Count == 0),
            lost.Count == 0 ? "no acknowledged order was lost" : $"{Spans.Count(lost.Count, "acknowledged order")} lost, {Spans.Show(rpa)} (RPO {Durations.Show(objectives.Rpo!.Value)})");
        if (stage.Options.Disaster is Disaster.Service)
        {
            var catalogue = stage.Plane.State.Register.ActiveSite(stage.Plane.State.Plans.InForce.FindService(new("catalogue"))!);
            stage.Judge(catalogue == new SiteName("east"), "the catalogue, which had not failed, stayed where it was");
        }
    }

    private Decide.Incident Incident(RunState run) => stage.Plane.State.Incidents.Find(run.Planned.Incident!.Value)!;

    private static string Bound(RunState run) => run.Losses.Values.FirstOrDefault()?.Time is { } time ? Spans.Show(time) : "unknown";
}
