using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;

namespace Kedge.CommandLine.Rendering.Drawings;

/// <summary>A compiled recovery plan as a drawing: a lane for each service, an arrow from each step to those that wait for it.</summary>
internal static class RecoveryDrawing
{
    private const int LargestReduced = 1000;

    public static Drawing Of(KedgePlan plan, RecoveryPlan recovery, Prediction prediction)
    {
        var numbers = RecoveryPlanTable.Numbers(recovery);
        var critical = prediction.CriticalPath.ToHashSet(StringComparer.Ordinal);
        var links = prediction.CriticalPath.Zip(prediction.CriticalPath.Skip(1)).ToHashSet();
        return new(
            RecoveryPlanTable.Title(recovery),
            [.. recovery.Moves.Select(m => new Lane(m.Service.Value, $"{plan.FindService(m.Service)?.Title ?? m.Service.Value} ({m.From} → {m.To})"))],
            [.. recovery.Steps.Select(s => new Box(s.Id, s.Service.Value, Lines(s), Look(s, critical.Contains(s.Id)), numbers[s.Id]))],
            [.. Direct(recovery).Select(a => new Arrow(a.From, a.To, links.Contains(a) ? ArrowLook.Strong : ArrowLook.Plain))]);
    }

    /// <summary>Needs that do not follow from others: what is left says the same with fewer arrows. Large plans are drawn as they are.</summary>
    private static IEnumerable<(string From, string To)> Direct(RecoveryPlan recovery)
    {
        var before = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var step in recovery.Steps)
        {
            var all = before[step.Id] = new(StringComparer.Ordinal);
            if (recovery.Steps.Count <= LargestReduced)
            {
                step.Needs.ToList().ForEach(n => all.UnionWith(before[n].Append(n)));
            }

            foreach (var need in step.Needs.Where(n => !step.Needs.Any(other => before[other].Contains(n))))
            {
                yield return (need, step.Id);
            }
        }
    }

    private static IReadOnlyList<string> Lines(RecoveryStep step)
    {
        var time = step.Kind is StepKind.Blocked ? "blocked" : Figures.Time(step.Estimate + (step.Settles ?? TimeSpan.Zero));
        return [step.Title, $"{Words.Of(step.Phase)}, at {step.At}, {time}"];
    }

    private static BoxLook Look(RecoveryStep step, bool critical) => step.Kind switch
    {
        StepKind.Blocked => BoxLook.Bad,
        StepKind.Confirm => BoxLook.Person,
        _ => critical ? BoxLook.Strong : step.Required ? BoxLook.Plain : BoxLook.Quiet,
    };
}
