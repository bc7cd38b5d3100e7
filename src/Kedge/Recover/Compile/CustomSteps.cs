using Kedge.Plan.Model;

namespace Kedge.Recover.Compile;

/// <summary>Places the plan's own steps before or after the phase that they name.</summary>
internal sealed class CustomSteps(
    Service service, RunKind kind, StepFactory factory, StepGraph graph, List<string> remarks)
{
    public void Place()
    {
        foreach (var custom in service.Steps.Where(s => s.Kinds.Contains(kind)))
        {
            var phase = graph.Of(service.Name, custom.Phase);
            if (phase.Count == 0)
            {
                remarks.Add($"{custom.Name}: left out, because {service.Name} has no step of phase {custom.Phase} here");
                continue;
            }

            var inPhase = phase.ToHashSet(StringComparer.Ordinal);
            var before = phase.SelectMany(graph.NeedsOf).Where(s => !inPhase.Contains(s)).Distinct().ToList();
            var after = phase.SelectMany(graph.FollowersOf).Where(s => !inPhase.Contains(s)).Distinct().ToList();
            var step = graph.Add(factory.Custom(custom));
            if (custom.Before)
            {
                graph.Order(before, [step]);
                graph.Order([step], phase);
            }
            else
            {
                graph.Order(phase, [step]);
                graph.Order([step], after);
            }
        }
    }
}
