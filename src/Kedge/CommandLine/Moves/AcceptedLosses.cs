using System.CommandLine;
using Kedge.CommandLine.Help;
using Kedge.CommandLine.Terminals;
using Kedge.Plan.Model;

namespace Kedge.CommandLine.Moves;

/// <summary>Losses that a person accepts by name.</summary>
internal static class AcceptedLosses
{
    public static Option<string[]> Option(CommandHost host)
    {
        var option = new Option<string[]>("--accept-loss")
        {
            Description = "Accept by name that a data store loses an unknown amount, or more than its RPO. May be given several times.",
            HelpName = "SERVICE/COMPONENT",
            Arity = ArgumentArity.OneOrMore,
        };
        option.CompletionSources.Add(_ => new Suggestions(host).Components());
        return option;
    }

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
