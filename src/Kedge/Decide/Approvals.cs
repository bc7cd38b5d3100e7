using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Decide;

/// <summary>Who may approve, by the plan's decision rules.</summary>
public static class Approvals
{
    /// <summary>
    /// The rule for a run. Only a failover needs approval: what is planned is decided by whoever plans it. Where several
    /// services have rules of their own, the strictest counts: the most approvals, the latest deadline.
    /// </summary>
    public static ApprovalRule RuleFor(KedgePlan plan, RunKind kind, IEnumerable<ServiceName> services, DateTimeOffset now)
    {
        if (kind is not RunKind.Failover)
        {
            return new([], 0, null, ProceedAfterDeadline: false);
        }

        var rules = services.Select(s => plan.FindService(s)!.Decision ?? plan.Decision).Distinct().ToList();
        var strictest = rules.MaxBy(r => r.Needed)!;
        return new(
            strictest.Approvers,
            strictest.Needed,
            strictest.Deadline is { } deadline ? now + deadline : null,
            rules.All(r => r.AfterDeadline is AfterDeadline.Proceed));
    }

    /// <summary>The person that somebody names, by name or login; null where the plan has no such person.</summary>
    public static Person? FindPerson(KedgePlan plan, string who) =>
        plan.People.FirstOrDefault(p => p.Name == who || p.Login == who);

    /// <summary>Whether somebody may approve. Where a rule names nobody, anybody may who can give commands.</summary>
    public static bool MayApprove(KedgePlan plan, ApprovalRule rule, string who) =>
        rule.Approvers.Count == 0
        || (FindPerson(plan, who) is { } person
            && (rule.Approvers.Contains(person.Name) || person.Roles.Any(rule.Approvers.Contains)));
}
