using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Decide;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Runs;

/// <summary>A run for the terminal, while it goes on or afterwards.</summary>
public static class RunPage
{
    /// <summary>All that there is to see of a run, with what to do next.</summary>
    public static Page Of(RunState run, Incident? incident, RunView view, int width)
    {
        ArgumentNullException.ThrowIfNull(run);
        var page = new Page(width);
        Head(page, run, incident, view);
        page.Gap().Table(RunTable.Of(run, view.Now, int.MaxValue, notes: true));
        AddMoves(page, run, view);
        return page;
    }

    /// <summary>The same, kept within a number of lines, for a view that is redrawn.</summary>
    public static Page Live(RunState run, Incident? incident, RunView view, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(run);
        var most = Math.Max(3, height - 12);
        while (true)
        {
            var page = new Page(width);
            Head(page, run, incident, view);
            page.Gap().Table(RunTable.Of(run, view.Now, most, notes: false));
            AddMoves(page, run, view);
            if (page.Lines.Count < height || most <= 3)
            {
                return page;
            }

            most = Math.Max(3, Math.Min(most - 1, run.Plan.Steps.Count - 1));
        }
    }

    /// <summary>What to type next; empty where nothing waits for anybody.</summary>
    public static Page Moves(RunState run, RunView view, int width)
    {
        var page = new Page(width);
        AddMoves(page, run, view);
        return page;
    }

    private static void Head(Page page, RunState run, Incident? incident, RunView view)
    {
        var kind = run.Planned.DryRun ? "dry run of a " : "";
        page.Paragraph(Styled.Strong($"{run.Id}  {kind}{RecoveryPlanTable.Title(run.Plan)}  ") + Words.Of(run.Status));
        var origin = new List<string> { Words.Of(run.Planned.Scenario) };
        if (incident is not null)
        {
            origin.Add($"{incident.Id}: {incident.Because}");
        }

        origin.Add($"asked for by {run.Planned.RequestedBy}");
        origin.Add($"plan {run.Planned.PlanVersion.Short}");
        page.Paragraph(Styled.Quiet(string.Join("; ", origin)));
        if (run.Because is { } because && run.Status is not RunStatus.Running)
        {
            page.Paragraph(run.Status is RunStatus.Paused ? Styled.Bad(because) : because);
        }
        else if (run.Status is RunStatus.AwaitingApproval && RunDecider.NotYetApproved(run, view.Now) is { } missing)
        {
            page.Paragraph(Styled.Warning($"waits for {missing}"));
        }

        page.Gap().Paragraph(Clocks(run, incident, view.Now));
    }

    /// <summary>The two clocks: since the first failure, since the decision.</summary>
    public static Styled Clocks(RunState run, Incident? incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var clocks = RunClocks.Of(run, incident);
        var end = run.Status is RunStatus.Aborted or RunStatus.Declined ? run.CompletedAt : run.ServingAt ?? (run.Live ? null : run.CompletedAt);
        return Clock("since the first failure", clocks.Outage, end, now) + "      " + Clock("since the decision", clocks.Decided, end, now);
    }

    private static Styled Clock(string label, DateTimeOffset? from, DateTimeOffset? end, DateTimeOffset now) =>
        Styled.Quiet($"{label}  ") + (from is not { } begun ? Styled.Quiet("–")
            : end is { } ended ? Styled.Strong(Figures.Time(ended - begun)) : Styled.Strong(Figures.Running(now - begun)));

    private static void AddMoves(Page page, RunState run, RunView view)
    {
        var moves = NextMoves.Of(run, view.Led);
        if (moves.Count == 0)
        {
            return;
        }

        page.Heading("What you can do");
        page.Table(NextMoves.Table(moves.Take(8), indent: 2));
        if (moves.Count > 8)
        {
            page.Add(Styled.Quiet($"  … and the same for {Figures.Count(moves.Count - 8, "more step")}: kedge run show {run.Id}"));
        }
    }
}

/// <summary>From where a run is looked at.</summary>
/// <param name="Led">Whether some node leads, so that runs go on by themselves.</param>
public sealed record RunView(DateTimeOffset Now, bool Led, TimeZoneInfo Zone);
