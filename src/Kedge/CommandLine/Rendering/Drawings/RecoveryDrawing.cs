using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;

namespace Kedge.CommandLine.Rendering.Drawings;

/// <summary>A compiled recovery plan as a drawing: a lane for each service, an arrow from each step to those that wait for it.</summary>
internal static class RecoveryDrawing
{
    public static Drawing Of(KedgePlan plan, RecoveryPlan recovery, Prediction prediction)
    {
        var numbers = RecoveryPlanTable.Numbers(recovery);
        var critical = prediction.CriticalPath.ToHashSet(StringComparer.Ordinal);
        var links = prediction.CriticalPath.Zip(prediction.CriticalPath.Skip(1)).ToHashSet();
        return new(
            RecoveryPlanTable.Title(recovery),
            [.. recovery.Moves.Select(m => new Lane(m.Service.Value, $"{plan.FindService(m.Service)?.Title ?? m.Service.Value} ({m.From} → {m.To})"))],
            [.. recovery.Steps.Select(s => new Box(s.Id, s.Service.Value, Lines(s), Look(s, critical.Contains(s.Id)), numbers[s.Id]))],
            [.. recovery.Steps.SelectMany(s => s.Needs.Select(n => new Arrow(n, s.Id, links.Contains((n, s.Id)) ? ArrowLook.Strong : ArrowLook.Plain)))]);
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
