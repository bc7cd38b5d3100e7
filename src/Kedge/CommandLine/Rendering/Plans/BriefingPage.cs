using Kedge.CommandLine.Rendering.Text;
using Kedge.Plan.Model;

namespace Kedge.CommandLine.Rendering.Plans;

/// <summary>A briefing for the terminal.</summary>
public static class BriefingPage
{
    private const int Label = 15;

    public static Page Of(Briefing briefing, int width)
    {
        ArgumentNullException.ThrowIfNull(briefing);
        var page = new Page(width);
        page.Add(Styled.Strong(RecoveryPlanTable.Title(briefing.Recovery)));
        page.Add(Styled.Quiet($"{Words.Of(briefing.Recovery.Scenario)}; plan {briefing.Plan.Name}, version {briefing.Recovery.PlanVersion.Short}"));
        foreach (var reason in briefing.Stale)
        {
            page.Paragraph(Styled.Warning(reason));
        }

        page.Gap();
        if (briefing.Recovery.Steps.Count > 0)
        {
            page.Table(RecoveryPlanTable.Of(briefing.Recovery, briefing.Prediction));
            page.Gap();
        }

        Time(page, briefing);
        Loss(page, briefing);
        Decision(page, briefing);
        Preflight(page, briefing);
        Remarks(page, briefing);
        return page;
    }

    private static void Time(Page page, Briefing briefing)
    {
        var prediction = briefing.Prediction;
        var numbers = RecoveryPlanTable.Numbers(briefing.Recovery);
        if (prediction.CriticalPath.Count == 0)
        {
            page.Paragraph(prediction.Basis, Label, Styled.Strong("Predicted RTO"));
            return;
        }

        page.Paragraph(
            briefing.Blocked.Any() ? Styled.Bad("cannot be told: a step is blocked")
                : Styled.Strong(Figures.Time(prediction.Time)) + "  " + Objectives(briefing),
            Label,
            Styled.Strong("Predicted RTO"));
        page.Paragraph(Styled.Accent("▸ ") + $"critical path {string.Join(" → ", prediction.CriticalPath.Select(s => numbers[s]))}", Label);
        page.Paragraph(Styled.Quiet(prediction.Basis), Label);
    }

    private static Styled Objectives(Briefing briefing)
    {
        var set = briefing.Recovery.Moves.Select(m => briefing.Plan.FindService(m.Service)!)
            .Where(s => s.Objectives.Rto is not null).ToList();
        if (set.Count == 0)
        {
            return Styled.Quiet("no RTO is set");
        }

        var strictest = set.MinBy(s => s.Objectives.Rto!.Value)!;
        var rto = strictest.Objectives.Rto!.Value;
        var text = $"the RTO of {Figures.Objective(rto)} ({strictest.Name})";
        return briefing.Prediction.Time <= rto ? Styled.Good($"within {text}") : Styled.Bad($"BEYOND {text}");
    }

    private static void Loss(Page page, Briefing briefing)
    {
        var label = Styled.Strong("Expected loss");
        if (briefing.ExpectedLoss.Count == 0)
        {
            page.Paragraph(
                briefing.Recovery.Kind switch
                {
                    RunKind.Switchover or RunKind.Failback => "none: the old side is stopped, and seen to be, before the new one takes over",
                    RunKind.Failover => "none: nothing that moves holds data",
                    _ => "not measured for this kind of run",
                },
                Label,
                label);
            return;
        }

        foreach (var loss in briefing.ExpectedLoss)
        {
            page.Paragraph(LossText.Of(loss, briefing), Label, label);
            page.Paragraph(Styled.Quiet(loss.Basis), Label);
            label = Styled.Empty;
        }
    }

    private static void Decision(Page page, Briefing briefing)
    {
        var rule = briefing.Approval;
        page.Paragraph(
            rule.Needed == 0 ? "by whoever gives the command" : DecisionText.Of(rule, briefing.Plan), Label, Styled.Strong("Decision"));
    }

    private static void Preflight(Page page, Briefing briefing)
    {
        var label = Styled.Strong("Preflight");
        if (briefing.Preflight is not { } findings)
        {
            page.Paragraph(Styled.Quiet("not made"), Label, label);
            return;
        }

        var failing = findings.Where(f => !f.Finding.Ok).ToList();
        page.Paragraph(
            findings.Count == 0 ? "nothing to check beforehand"
                : failing.Count == 0 ? Styled.Good($"{Figures.Count(findings.Count, "check")}, nothing would fail")
                : Styled.Bad($"{failing.Count} of {Figures.Count(findings.Count, "check")} would fail now"),
            Label,
            label);
        var numbers = RecoveryPlanTable.Numbers(briefing.Recovery);
        foreach (var finding in failing)
        {
            var number = numbers.TryGetValue(finding.Step, out var known) ? $"step {known}: " : "";
            page.Paragraph(Styled.Bad("✗ ") + number + finding.Finding.What, Label);
            if (finding.Finding.Fix is { } fix)
            {
                page.Paragraph($"→ {fix}", Label + 2);
            }
        }
    }

    private static void Remarks(Page page, Briefing briefing)
    {
        var label = Styled.Strong("Remarks");
        var remarks = briefing.Stranded.Select(s => $"{s} stays where it is: the plan names no other site for it")
            .Concat(briefing.Recovery.Remarks);
        foreach (var remark in remarks)
        {
            page.Paragraph(remark, Label, label);
            label = Styled.Empty;
        }
    }
}
