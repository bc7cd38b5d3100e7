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

            var step = graph.Add(factory.Custom(custom));
            Order(custom.Before, step, phase);
        }
    }

    /// <summary>
    /// Beside the phase's own steps it is ordered against their neighbours: it waits for what they wait for, or holds up
    /// what waits for them. In a planned move a phase may come in two parts, one before the data moves and one after; a
    /// neighbour of the one part that belongs to the other part's past or future is left alone.
    /// </summary>
    private void Order(bool before, string step, IReadOnlyList<string> phase)
    {
        if (before)
        {
            var future = graph.From(phase);
            graph.Order(phase.SelectMany(graph.NeedsOf).Where(s => !future.Contains(s)).Distinct().ToList(), [step]);
            graph.Order([step], phase);
        }
        else
        {
            var past = graph.UpTo(phase);
            graph.Order([step], phase.SelectMany(graph.FollowersOf).Where(s => !past.Contains(s)).Distinct().ToList());
            graph.Order(phase, [step]);
        }
    }
}
