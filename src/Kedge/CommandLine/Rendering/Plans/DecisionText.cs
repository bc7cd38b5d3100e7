using Kedge.CommandLine.Rendering.Text;
using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.CommandLine.Rendering.Plans;

/// <summary>A decision rule as a sentence.</summary>
internal static class DecisionText
{
    public static string Of(ApprovalRule rule, KedgePlan plan)
    {
        var who = rule.Approvers.Count == 0 ? "anybody who may give commands" : string.Join(" or ", rule.Approvers.Select(a => Named(a, plan)));
        var after = rule.Deadline is null ? "" : rule.ProceedAfterDeadline ? "; goes ahead by itself when the deadline passes" : "; escalates when the deadline passes";
        return $"{Figures.Count(rule.Needed, "approval")} by {who}{after}";
    }

    /// <summary>A role with the people who have it.</summary>
    private static string Named(string approver, KedgePlan plan)
    {
        var people = plan.People.Where(p => p.Roles.Contains(approver)).Select(p => p.Name).ToList();
        return people.Count == 0 ? approver : $"{approver} ({string.Join(", ", people)})";
    }
}
