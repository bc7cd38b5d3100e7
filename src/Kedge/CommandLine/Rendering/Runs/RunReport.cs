using Kedge.CommandLine.Rendering.Text;
using Kedge.Decide;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Runs;

/// <summary>
/// What a run achieved against the objectives: five clocks, recovery time, data loss, the steps over time, and the
/// journal's newest position and hash, so that a printed report tells later whether the journal was cut off.
/// </summary>
public static class RunReport
{
    public static Page Of(RunState run, Incident? incident, KedgePlan plan, JournalHead head, TimeZoneInfo zone, int width)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(plan);
        var page = new Page(width);
        var clocks = RunClocks.Of(run, incident);
        if (!run.Planned.DryRun)
        {
            Clocks(page, clocks, zone);
            Objectives(page, run, clocks, plan);
        }

        if (GanttChart.Of(run, page.Width) is { Count: > 0 } chart)
        {
            page.Heading("Steps over time").Add(chart);
        }

        page.Heading("Journal head").Add(Styled.Quiet($"  {head.Position}:{head.Hash}"));
        return page;
    }

    private static void Clocks(Page page, RunClocks clocks, TimeZoneInfo zone)
    {
        var start = clocks.Start;
        if (start is null)
        {
            return;
        }

        page.Heading("Clocks");
        var table = new Table([new("Clock"), new($"At ({Figures.Zone(start.Value, zone)})"), new("Since the start", Right: true), new("Then", Right: true), new("", Flexible: true)], indent: 2);
        DateTimeOffset? before = null;
        foreach (var (name, at, what) in new[]
        {
            ("outage", clocks.Outage, "the first failure was seen"),
            ("detected", clocks.Detected, "the failure was confirmed"),
            ("declared", clocks.Declared, "the incident was opened"),
            ("decided", clocks.Decided, "the run began"),
            ("serving", clocks.Serving, "every service answered at its new site"),
            ("verified", clocks.Verified, "every end-to-end test was passed"),
        })
        {
            table.Add(
            [
                name,
                at is { } time ? Figures.Clock(time, zone) : Styled.Quiet("–"),
                at is { } stop ? Figures.Time(stop - start.Value) : "",
                at is not null && before is not null ? Styled.Quiet($"+{Figures.Time(at.Value - before.Value)}") : "",
                Styled.Quiet(what),
            ]);
            before = at ?? before;
        }

        page.Table(table);
    }

    private static void Objectives(Page page, RunState run, RunClocks clocks, KedgePlan plan)
    {
        var table = new Table([new("Objective"), new("Of", Flexible: true), new("Set", Right: true), new("Achieved", Right: true), new(""), new("", Flexible: true)], indent: 2);
        foreach (var move in run.Plan.Moves)
        {
            var service = plan.FindService(move.Service);
            if (clocks.RtaOf(run, move.Service) is { } rta)
            {
                table.Add(["RTO → RTA", move.Service.Value, Figures.Objective(service?.Objectives.Rto), Styled.Strong(Figures.Time(rta)), Verdict(rta, service?.Objectives.Rto), ""]);
            }

            foreach (var (component, loss) in run.Losses.Where(l => l.Key.Service == move.Service).OrderBy(l => l.Key))
            {
                table.Add(
                [
                    "RPO → RPA",
                    component.ToString(),
                    Figures.Objective(service?.Objectives.Rpo),
                    loss.Time is { } time ? Styled.Strong($"{(loss.Estimate ? "≤ " : "")}{Figures.Time(time)}") : Styled.Bad("UNKNOWN"),
                    loss.Time is { } lost ? Verdict(lost, service?.Objectives.Rpo) : "",
                    Styled.Quiet(LossNote(loss)),
                ]);
            }
        }

        if (table.Count > 0)
        {
            page.Heading("Objectives").Table(table);
        }
    }

    private static Styled Verdict(TimeSpan achieved, TimeSpan? objective) => objective is not { } set ? Styled.Quiet("no objective")
        : achieved <= set ? Styled.Good("met") : Styled.Bad("MISSED");

    private static string LossNote(AchievedLoss loss)
    {
        var counted = loss.Transactions is { } count ? $"{Figures.Count((int)Math.Min(count, int.MaxValue), "transaction")}; " : "";
        return counted + (loss.Estimate ? $"an estimate: {loss.Basis}" : loss.Basis);
    }
}
