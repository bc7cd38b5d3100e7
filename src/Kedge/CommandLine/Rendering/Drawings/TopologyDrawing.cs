using Kedge.Plan.Model;

namespace Kedge.CommandLine.Rendering.Drawings;

/// <summary>What a plan describes: services, their instances at each site, what needs what, and what stands by for what.</summary>
internal static class TopologyDrawing
{
    private const string Services = "services";

    /// <param name="activeSite">Where a service is active; its primary site where nobody knows better.</param>
    /// <param name="dataDrivers">Kinds of drivers whose instances copy from each other.</param>
    public static Drawing Of(KedgePlan plan, Func<Service, SiteName> activeSite, IReadOnlySet<string> dataDrivers)
    {
        var lanes = new List<Lane> { new(Services, plan.Name) };
        lanes.AddRange(plan.Sites.Select(s => new Lane($"site {s.Name}", SiteTitle(s))));
        var boxes = new List<Box>();
        var arrows = new List<Arrow>();
        foreach (var service in plan.Services)
        {
            boxes.Add(new(service.Name.Value, Services, [service.Title, Objectives(service)], BoxLook.Strong));
            arrows.AddRange(service.Needs.Select(n => new Arrow(service.Name.Value, n.Value, ArrowLook.Plain, "needs")));
            var active = activeSite(service);
            foreach (var component in service.Components)
            {
                Draw(service, component, active, dataDrivers.Contains(component.Driver), boxes, arrows);
            }
        }

        return new(plan.Name, lanes, boxes, arrows);
    }

    private static void Draw(Service service, Component component, SiteName active, bool replicates, List<Box> boxes, List<Arrow> arrows)
    {
        var front = !service.Components.Any(c => c.Needs.Any(n => n.Component == component.Id.Name));
        foreach (var instance in component.Instances)
        {
            var isActive = instance.Id.Site == active;
            boxes.Add(new(
                instance.Id.ToString(),
                $"site {instance.Id.Site}",
                [component.Title, $"{component.Id}, {component.Driver}{(component.Redundancy > 1 ? $" ×{component.Redundancy}" : "")}"],
                isActive ? BoxLook.Plain : BoxLook.Quiet));
            if (front)
            {
                arrows.Add(new(service.Name.Value, instance.Id.ToString(), isActive ? ArrowLook.Plain : ArrowLook.Dashed));
            }

            foreach (var need in component.Needs)
            {
                var needed = service.Components.First(c => c.Id.Name == need.Component);
                var targets = need.AcrossSites ? needed.Instances : needed.Instances.Where(i => i.Id.Site == instance.Id.Site);
                arrows.AddRange(targets.Select(t => new Arrow(
                    instance.Id.ToString(), t.Id.ToString(), t.Id.Site == active && isActive ? ArrowLook.Plain : ArrowLook.Dashed)));
            }

            if (replicates && instance.Id.Site != active && component.At(active) is { } source)
            {
                arrows.Add(new(source.Id.ToString(), instance.Id.ToString(), ArrowLook.Dashed, "replicates", Ranks: false));
            }
        }
    }

    private static string SiteTitle(Site site)
    {
        var name = site.Title == site.Name.Value ? site.Title : $"{site.Title} ({site.Name})";
        return site.Witness ? $"{name}, witness"
            : site.RecoveredBy.Count > 0 ? $"{name}, recovered by {string.Join(", ", site.RecoveredBy)}" : name;
    }

    private static string Objectives(Service service)
    {
        var parts = new List<string> { service.Name.Value };
        if (service.Objectives.Rto is { } rto)
        {
            parts.Add($"RTO {Text.Figures.Objective(rto)}");
        }

        if (service.Objectives.Rpo is { } rpo)
        {
            parts.Add($"RPO {Text.Figures.Objective(rpo)}");
        }

        return string.Join(", ", parts);
    }
}
