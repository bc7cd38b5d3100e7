using Kedge.Plan.Language;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>Every name of a site, a service or a component stands for one.</summary>
internal static class References
{
    public static void Check(PlanDraft plan, ProblemList problems)
    {
        var names = new Names(plan, problems);
        foreach (var site in plan.Sites)
        {
            Site(site, names, problems);
        }

        foreach (var service in plan.Services)
        {
            Service(service, plan, names, problems);
            foreach (var component in service.Components)
            {
                Component(component, service, names, problems);
            }

            foreach (var instance in service.Checks.SelectMany(c => c.At))
            {
                names.RunningSite(instance.Site, instance.Place, instance.Path, "runs nothing that could be checked");
            }
        }
    }

    private static void Site(SiteDraft site, Names names, ProblemList problems)
    {
        if (site.Fields is not { } fields)
        {
            return;
        }

        foreach (var recovery in names.Once(fields.List<string>(SiteKeys.RecoveredBy)))
        {
            if (recovery.Value == site.Name)
            {
                problems.Add(
                    ProblemCode.RecoveredByItself, recovery.Place, recovery.Path, $"The site {site.Name} cannot recover itself.", "Name another site, or remove it.");
            }
            else
            {
                names.RunningSite(recovery.Value, recovery.Place, recovery.Path, "runs no service, so it recovers none");
            }
        }

        if (site.Witness && (fields[SiteKeys.RecoveredBy] ?? fields[SiteKeys.Fence]) is { } meaningless)
        {
            problems.Add(
                ProblemCode.Witness, meaningless.Key, meaningless.Path, $"The site {site.Name} is a witness: it runs nothing to recover or to fence.",
                "Remove this key, or `witness: true`.");
        }
    }

    private static void Service(ServiceDraft service, PlanDraft plan, Names names, ProblemList problems)
    {
        if (service.Primary is { } primary)
        {
            names.RunningSite(primary.Value, primary.Place, primary.Path, "runs no service");
        }

        foreach (var recovery in names.Once(service.Recovery))
        {
            if (recovery.Value == service.Primary?.Value)
            {
                problems.Add(
                    ProblemCode.PrimaryIsRecovery, recovery.Place, recovery.Path, $"The site {recovery.Value} is the primary site of this service.",
                    "Name the sites that take over when it is lost.");
            }
            else
            {
                names.RunningSite(recovery.Value, recovery.Place, recovery.Path, "runs no service");
            }
        }

        foreach (var need in names.Once(service.Needs))
        {
            if (!plan.ServicesByName.ContainsKey(need.Value) && names.ServicesKnown)
            {
                names.Unknown(ProblemCode.UnknownService, "service", "the plan", need.Value, plan.ServicesByName.Keys, need.Place, need.Path);
            }
        }
    }

    private static void Component(ComponentDraft component, ServiceDraft service, Names names, ProblemList problems)
    {
        foreach (var instance in component.Instances)
        {
            names.RunningSite(instance.Site, instance.Place, instance.Path, "runs no component");
        }

        var seen = new HashSet<string>();
        foreach (var need in component.Needs)
        {
            if (!seen.Add(need.Value.Component))
            {
                Names.Repeated(need.Value.Component, need.Place, need.Path, problems);
            }
            else if (!service.ComponentsByName.ContainsKey(need.Value.Component) && service.Fields[ServiceKeys.Components] is not null && names.Whole)
            {
                names.Unknown(
                    ProblemCode.UnknownComponent, "component", $"the service {service.Name}", need.Value.Component, service.ComponentsByName.Keys, need.Place, need.Path);
            }
        }
    }
}
