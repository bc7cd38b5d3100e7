using System.CommandLine;
using Kedge.Plan.Model;

namespace Kedge.CommandLine.Moves;

/// <summary>Losses that a person accepts by name.</summary>
internal static class AcceptedLosses
{
    public static Option<string[]> Option() => new("--accept-loss")
    {
        Description = "Accept by name that a data store loses an unknown amount, or more than its RPO. May be given several times.",
        HelpName = "SERVICE/COMPONENT",
        Arity = ArgumentArity.OneOrMore,
    };

    public static HashSet<ComponentId> Read(Invocation call, Option<string[]> option, KedgePlan plan)
    {
        var accepted = new HashSet<ComponentId>();
        foreach (var name in call.Get(option) ?? [])
        {
            if (!name.Contains('/') || name.StartsWith('/') || name.EndsWith('/') || plan.FindComponent(ComponentId.Parse(name)) is not { } component)
            {
                var known = plan.Services.SelectMany(s => s.Components).Select(c => c.Id.ToString()).Take(12);
                throw VerbException.Usage($"the plan has no component '{name}'", $"write SERVICE/COMPONENT, one of {string.Join(", ", known)}");
            }

            accepted.Add(component.Id);
        }

        return accepted;
    }
}
