using Kedge.CommandLine.Rendering.Text;
using Kedge.Journal.Events;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Plans;

/// <summary>The steps of a recovery plan, numbered as every command knows them.</summary>
public static class RecoveryPlanTable
{
    /// <param name="prediction">Marks the critical path; null leaves it unmarked.</param>
    public static Table Of(RecoveryPlan plan, Prediction? prediction)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var critical = (prediction?.CriticalPath ?? []).ToHashSet(StringComparer.Ordinal);
        var numbers = Numbers(plan);
        var table = new Table(
        [
            new("", HideIfEmpty: true),
            new("#", Right: true),
            new("Phase"),
            new("Step", Flexible: true, Narrowest: 20),
            new("At", Flexible: true, Narrowest: 6),
            new("Needs", Flexible: true, Narrowest: 5),
            new("Expected", Right: true),
            new("Basis"),
        ]);
        foreach (var step in plan.Steps)
        {
            table.Add(
            [
                critical.Contains(step.Id) ? Styled.Accent("▸") : "",
                $"{numbers[step.Id]}",
                Words.Of(step.Phase),
                step.Title,
                step.At.Value,
                Figures.Ranges(step.Needs.Select(n => numbers[n])),
                step.Kind is StepKind.Blocked ? Styled.Bad("blocked") : Figures.Time(step.Estimate + (step.Settles ?? TimeSpan.Zero)),
                Styled.Quiet(step.EstimateBasis),
            ],
                Details(step));
        }

        return table;
    }

    /// <summary>Each step's number, from 1.</summary>
    public static IReadOnlyDictionary<string, int> Numbers(RecoveryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Steps.Select((s, i) => (s.Id, Number: i + 1)).ToDictionary(s => s.Id, s => s.Number, StringComparer.Ordinal);
    }

    /// <summary>What moves where, in one line.</summary>
    public static string Title(RecoveryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Moves.Count == 0)
        {
            return $"{RunWords.Of(plan.Kind)}: nothing to move";
        }

        var what = plan.Moves.Count <= 3 ? Words.List(plan.Moves.Select(m => m.Service)) : $"{plan.Moves.Count} services";
        var ways = plan.Moves.Select(m => (m.From, m.To)).Distinct().ToList();
        var way = ways is [var (from, to)] ? from == to ? $" at {from}" : $" from {from} to {to}" : $", {Words.List(ways.Select(w => $"{w.From} → {w.To}"))}";
        return $"{RunWords.Of(plan.Kind)} of {what}{way}";
    }

    private static IReadOnlyList<Styled> Details(RecoveryStep step) =>
    [
        .. step.Instruction is { } asked && asked != step.Title ? [Styled.Quiet(asked)] : Array.Empty<Styled>(),
        .. step.Settles is { } settles && settles > TimeSpan.Zero ? [Styled.Quiet($"of that, {Figures.Time(settles)} until everybody follows")] : Array.Empty<Styled>(),
        .. step.Required ? [] : new[] { Styled.Quiet("goes on without it if it fails") },
    ];
}
