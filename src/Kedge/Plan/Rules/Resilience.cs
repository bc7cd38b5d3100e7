using Kedge.Plan.Language;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>Every service has somewhere to go, everything that it needs there, and a check that tells.</summary>
internal static class Resilience
{
    public static void Check(PlanDraft plan, ProblemList problems)
    {
        foreach (var service in plan.Services)
        {
            Redundancy(service, problems);
            if (service.Fields.Lacks(ServiceKeys.Checks) || (service.Fields[ServiceKeys.Checks] is { } checks && checks.Named.Count == 0))
            {
                problems.Add(
                    ProblemCode.NoChecks, service.Place, service.Path, "The service has no check: nothing detects its outage, and nothing verifies its recovery.", "Add one under `checks`.");
            }

            if (service.Primary is not { } primary || plan.RecoveryOf(service) is not { } recovery)
            {
                continue;
            }

            if (recovery.Count == 0)
            {
                problems.Add(
                    ProblemCode.NoRecovery, service.Place, service.Path, $"No site recovers this service when {primary.Value} is lost.",
                    $"Add `recovery:` here, or `recovered-by:` to the site {primary.Value}.");
            }

            var sites = recovery.Prepend(primary.Value).ToList();
            var known = sites.Where(s => plan.SitesByName.GetValueOrDefault(s) is { Witness: false }).ToList();
            Sites(service, known, plan, problems);
            if (recovery.Count > 0 && known.Count == sites.Count)
            {
                Unused(service, sites, plan, problems);
            }
        }
    }

    private static void Redundancy(ServiceDraft service, ProblemList problems)
    {
        foreach (var component in service.Components.Where(c => c.Contract is { Shared: false }))
        {
            if (component.Redundancy is { Value: < 2 } stated)
            {
                problems.Add(
                    ProblemCode.SinglePoint, stated.Place, stated.Path, "There is one unit at each site and none to spare: its failure takes the component away there.",
                    "Run two (N+1) and write `redundancy: 2`, or accept this with a reason.");
            }
            else if (component.Fields.Lacks(ComponentKeys.Redundancy))
            {
                problems.Add(
                    ProblemCode.SinglePoint, component.Place, component.Path,
                    "No redundancy is stated, so one unit at each site is assumed and none to spare: its failure takes the component away there.",
                    "Write `redundancy: 2` where two run (N+1), or accept this with a reason.");
            }
        }
    }

    private static void Sites(ServiceDraft service, IReadOnlyList<string> sites, PlanDraft plan, ProblemList problems)
    {
        foreach (var component in service.Components.Where(c => c.Instances.Count > 0 && c.Instances.All(i => plan.SitesByName.ContainsKey(i.Site))))
        {
            if (component.Instances is [var only] && sites.Count > 1 && sites.Contains(only.Site))
            {
                problems.Add(
                    ProblemCode.OneSiteOnly, component.Place, component.Path, $"It exists at {only.Site} only: when that site is lost, so is this.",
                    $"Add an instance at {Listing.Of(sites.Where(s => s != only.Site))}.");
            }
            else
            {
                foreach (var lacking in sites.Where(s => !component.IsAt(s)))
                {
                    problems.Add(
                        ProblemCode.RecoveryLacks, component.Place, component.Path,
                        lacking == service.Primary!.Value ? $"{lacking}, the primary site, has no instance of it." : $"{lacking}, where the service may be recovered, has no instance of it.",
                        $"Add `{lacking}:` under `at`.");
                }
            }

        }

        if (service.Checks.Count > 0 && service.Checks.All(c => c.Fields[CheckKeys.At] is not null))
        {
            foreach (var unseen in sites.Where(s => !service.Checks.Any(c => c.At.Any(i => i.Site == s))))
            {
                problems.Add(
                    ProblemCode.NoChecks, service.Fields[ServiceKeys.Checks]!.Key, service.Path.Key(ServiceKeys.Checks.Name),
                    $"No check is made at {unseen}, so nothing tells whether the service works there.", $"Add `{unseen}:` under the `at` of a check.");
            }
        }
    }

    private static void Unused(ServiceDraft service, IReadOnlyList<string> sites, PlanDraft plan, ProblemList problems)
    {
        var instances = service.Components.SelectMany(c => c.Instances).Select(i => (At: i, Noun: "instance"));
        var checks = service.Checks.SelectMany(c => c.At).Select(i => (At: i, Noun: "check"));
        foreach (var (at, noun) in instances.Concat(checks).Where(i => !sites.Contains(i.At.Site) && plan.SitesByName.GetValueOrDefault(i.At.Site) is { Witness: false }))
        {
            problems.Add(
                ProblemCode.UnusedInstance, at.Place, at.Path, $"The service {service.Name} never runs at {at.Site}, so this {noun} is never used.",
                $"Add {at.Site} to the service's `recovery`, or remove it here.");
        }
    }
}
