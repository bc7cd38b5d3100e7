using Kedge.Plan.Language;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>A decision can be reached, by somebody who exists, and proceeds without a person only where that is safe.</summary>
internal static class Decisions
{
    public static void Check(PlanDraft plan, ProblemList problems)
    {
        var own = plan.Services.Select(s => s.Decision).OfType<DecisionDraft>();
        foreach (var rule in plan.Decision is { } general ? own.Prepend(general) : own)
        {
            Approvers(rule, plan, problems);
            Fencing(rule, plan, problems);
            if (rule is { Proceeds: true, AfterDeadline: { } after } && rule.Fields.Lacks(DecisionKeys.Deadline))
            {
                problems.Add(
                    ProblemCode.DeadlineWithoutEffect, after.Place, after.Path, "Without a deadline, nothing proceeds when it has passed.", "Add `deadline:`, or remove this key.");
            }
        }

        if (plan.Whole && plan.Fields.Lacks(PlanKeys.Decision) && plan.Services.FirstOrDefault(s => s.Fields.Lacks(ServiceKeys.Decision)) is { } service)
        {
            problems.Add(
                ProblemCode.NobodyDecides, plan.Fields[PlanKeys.Services]!.Key, KeyPath.Root.Key(PlanKeys.Decision.Name),
                $"Nothing says who may decide on a failover of {service.Name}: whoever can run the command decides alone.",
                "Add `decision:` with approvers, at the top or in the service.");
        }
    }

    private static void Approvers(DecisionDraft rule, PlanDraft plan, ProblemList problems)
    {
        if (rule.Fields[DecisionKeys.Approvers] is null || !plan.Whole || (plan.Fields[PlanKeys.People] is null && !plan.Fields.Lacks(PlanKeys.People)))
        {
            return;
        }

        var byName = plan.People.SelectMany(p => NamesOf(p).Distinct(), (person, name) => (person, name)).ToLookup(p => p.name, p => p.person);
        var may = new HashSet<PlanValue>(ReferenceEqualityComparer.Instance);
        foreach (var approver in new Names(plan, problems).Once(rule.Approvers))
        {
            var meant = byName[approver.Value].ToList();
            may.UnionWith(meant);
            if (meant.Count == 0)
            {
                problems.Add(
                    ProblemCode.UnknownApprover, approver.Place, approver.Path, $"Nobody is called {Quote.Text(approver.Value)} or has that role.",
                    problems.Suggest(approver.Value, byName.Select(p => p.Key)) is { } near ? $"Write '{near}'." : "Add a person with this name or role under `people`.");
            }
            else if (meant.All(p => p.Fields.Lacks(PersonKeys.Login)))
            {
                problems.Add(
                    ProblemCode.NoLogin, approver.Place, approver.Path,
                    $"{Quote.Text(approver.Value)} has no login, so an approval that is given at a terminal cannot be told from anybody else's.",
                    "Add `login:` to the person.");
            }
        }

        if (may.Count < rule.Needed)
        {
            problems.Add(
                ProblemCode.TooFewApprovers, rule.Fields[DecisionKeys.Needed]?.Place ?? rule.Key, rule.Path,
                $"The decision needs {Count(rule.Needed, "approval")}, and {Count(may.Count, "person", "people")} may give one.", "Name more approvers, or lower `needed`.");
        }
    }

    private static void Fencing(DecisionDraft rule, PlanDraft plan, ProblemList problems)
    {
        if (!rule.Proceeds)
        {
            return;
        }

        var services = plan.Services.Where(s => plan.DecisionOf(s) == rule && s.Components.Any(c => c.HoldsData)).ToList();
        var sites = services.SelectMany(s => s.Components).Where(c => c.HoldsData).SelectMany(c => c.Instances).Select(i => i.Site)
            .Where(s => plan.SitesByName.GetValueOrDefault(s)?.Fields?.Lacks(SiteKeys.Fence) is true).Distinct().Order(StringComparer.Ordinal).ToList();
        if (sites.Count > 0)
        {
            problems.Add(
                ProblemCode.ProceedWithoutFence, rule.AfterDeadline!.Place, rule.AfterDeadline.Path,
                $"A failover of {Listing.Of(services.Select(s => s.Name))} may start without a person, but nothing cuts {Listing.Of(sites)} off by itself when it does not answer: two copies of the data could accept writes.",
                $"Give {(sites.Count == 1 ? "the site" : "these sites")} a `fence` command, or write `after-deadline: escalate`.");
        }
    }

    private static IEnumerable<string> NamesOf(PlanValue person) =>
        person.Fields.List<string>(PersonKeys.Roles).Select(r => r.Value).Append(person.Fields.Text(PersonKeys.Name) ?? "");

    private static string Count(long count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";
}
