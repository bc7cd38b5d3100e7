using System.Text;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Journal.Events;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.CommandLine.Rendering.Plans;

/// <summary>
/// A recovery plan for the binder: who decides, whom to call, each step with a box to tick, why it stands where it
/// stands, and where to find what it acts on, for the day that Kedge itself is gone.
/// </summary>
public static class BriefingMarkdown
{
    public static string Of(Briefing briefing)
    {
        ArgumentNullException.ThrowIfNull(briefing);
        var text = new StringBuilder();
        var title = RecoveryPlanTable.Title(briefing.Recovery);
        text.Append($"# {char.ToUpperInvariant(title[0])}{Escape(title[1..])}\n\n");
        text.Append($"Plan *{Escape(briefing.Plan.Name)}*, version `{briefing.Recovery.PlanVersion}`. Scenario: {Words.Of(briefing.Recovery.Scenario)}.\n\n");
        text.Append("Printed on: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_  Used on: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\n\n");
        Moves(text, briefing);
        Decision(text, briefing);
        Steps(text, briefing);
        Checks(text, briefing);
        Remarks(text, briefing);
        return text.ToString();
    }

    private static void Moves(StringBuilder text, Briefing briefing)
    {
        text.Append("## What moves\n\n| Service | From | To | RTO | RPO |\n| --- | --- | --- | --- | --- |\n");
        foreach (var move in briefing.Recovery.Moves)
        {
            var service = briefing.Plan.FindService(move.Service)!;
            text.Append($"| {Escape(service.Title)} (`{move.Service}`) | {move.From} | {move.To} | {Figures.Objective(service.Objectives.Rto)} | {Figures.Objective(service.Objectives.Rpo)} |\n");
        }

        text.Append($"\nPredicted time until everybody is served: **{Figures.Time(briefing.Prediction.Time)}** ({briefing.Prediction.Basis}).\n");
        foreach (var loss in briefing.ExpectedLoss)
        {
            text.Append($"\nExpected loss of `{loss.Component}`, when this was printed: {LossText.Amount(loss)} ({Escape(loss.Basis)}).\n");
        }

        text.Append('\n');
    }

    private static void Decision(StringBuilder text, Briefing briefing)
    {
        var rule = briefing.Approval;
        text.Append("## Who decides\n\n");
        text.Append(rule.Needed == 0 ? "Whoever gives the command.\n\n" : $"{Escape(DecisionText.Of(rule, briefing.Plan))}.\n\n");
        text.Append("Decided at \\_\\_:\\_\\_ by \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\n\n");
        if (briefing.Plan.People.Count == 0)
        {
            return;
        }

        text.Append("| Name | Roles | Contacts |\n| --- | --- | --- |\n");
        foreach (var person in briefing.Plan.People)
        {
            var contacts = string.Join(", ", person.Contacts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}"));
            text.Append($"| {Escape(person.Name)} | {Escape(string.Join(", ", person.Roles))} | {Escape(contacts)} |\n");
        }

        text.Append('\n');
    }

    private static void Steps(StringBuilder text, Briefing briefing)
    {
        var numbers = RecoveryPlanTable.Numbers(briefing.Recovery);
        text.Append("## Steps\n\nA step may begin once all that it needs is done; whatever does not need each other may run side by side.\n");
        foreach (var step in briefing.Recovery.Steps)
        {
            text.Append($"\n- [ ] **{numbers[step.Id]}. {Escape(step.Title)}**\n");
            text.Append($"  - Phase {Words.Of(step.Phase)}, at {step.At}; needs {Figures.Ranges(step.Needs.Select(n => numbers[n]))}; expected {Expected(step)} ({step.EstimateBasis}).\n");
            text.Append($"  - Why: {Escape(step.Why)}\n");
            if (step.Instruction is { } instruction && instruction != step.Title)
            {
                text.Append($"  - What to do: {Escape(instruction)}\n");
            }

            if (step.Action is { } action && step.Custom is null)
            {
                text.Append($"  - What Kedge does: `{action}` of driver `{step.Driver}` on `{step.Instance}`.\n");
            }

            if (Where(step, briefing.Plan) is { Length: > 0 } where)
            {
                text.Append($"  - Where: {where}\n");
            }

            text.Append("  - Done at \\_\\_:\\_\\_ by \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\n");
        }

        text.Append('\n');
    }

    private static string Expected(RecoveryStep step) =>
        step.Kind is StepKind.Blocked ? "nothing: it is blocked" : Figures.Time(step.Estimate + (step.Settles ?? TimeSpan.Zero));

    /// <summary>What the plan says of the instance, or of the plan's own step. A secret shows its reference only.</summary>
    private static string Where(RecoveryStep step, KedgePlan plan)
    {
        var options = step.Custom is { } custom
            ? plan.FindService(step.Service)?.Steps.FirstOrDefault(s => s.Name == custom)?.Options
            : step.Instance is { } id ? plan.FindComponent(id.Component)?.At(id.Site)?.Options : null;
        return options is null ? "" : string.Join("; ", Shown(options));
    }

    private static IEnumerable<string> Shown(OptionValues options) =>
        options.Names.Where(n => n != "instruction").Select(n => $"{n} `{options.Show(n).Replace("`", "'", StringComparison.Ordinal)}`");

    private static void Checks(StringBuilder text, Briefing briefing)
    {
        text.Append("## How to tell that it serves\n\n");
        foreach (var move in briefing.Recovery.Moves)
        {
            foreach (var check in briefing.Plan.FindService(move.Service)!.Checks.Where(c => c.At.ContainsKey(move.To)))
            {
                text.Append($"- [ ] `{move.Service}` {Escape(check.Name)} ({check.Driver}): {string.Join("; ", Shown(check.At[move.To]))}\n");
            }
        }

        text.Append('\n');
    }

    private static void Remarks(StringBuilder text, Briefing briefing)
    {
        var remarks = briefing.Stranded.Select(s => $"{s} stays where it is: the plan names no other site for it")
            .Concat(briefing.Recovery.Remarks).ToList();
        if (remarks.Count > 0)
        {
            text.Append("## Remarks\n\n");
            remarks.ForEach(r => text.Append($"- {Escape(r)}\n"));
        }
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character is '\\' or '`' or '*' or '_' or '|' or '<' or '>' or '[' or ']' or '#')
            {
                escaped.Append('\\');
            }

            escaped.Append(char.IsControl(character) ? ' ' : character);
        }

        return escaped.ToString();
    }
}
