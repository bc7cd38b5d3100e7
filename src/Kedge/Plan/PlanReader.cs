using Kedge.Plan.Contracts;
using Kedge.Plan.Language;
using Kedge.Plan.Model;
using Kedge.Plan.Reading;
using Kedge.Plan.Rules;

namespace Kedge.Plan;

/// <summary>
/// Reads a plan and holds it against every rule. Whatever the input, it returns, with all that is wrong at once.
/// </summary>
public sealed class PlanReader
{
    private readonly Dictionary<string, DriverContract> drivers;
    private readonly Dictionary<(DriverContract Contract, OptionUse Use), OptionTable> tables;

    /// <param name="contracts">Of the drivers that a plan may name. Throws <see cref="ArgumentException"/> for one that contradicts itself.</param>
    public PlanReader(IReadOnlyList<DriverContract> contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        drivers = contracts.ToDictionary(c => c.Kind);
        foreach (var contract in contracts)
        {
            ContractRules.Demand(contract);
        }

        tables = new(contracts.SelectMany(c => Enum.GetValues<OptionUse>().Select(u => KeyValuePair.Create((c, u), new OptionTable(c, u)))));
    }

    /// <summary>Reads a plan of one or more files.</summary>
    public PlanReading Read(IReadOnlyList<PlanSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Read(sources, trusted: false);
    }

    /// <summary>
    /// Reads the canonical text of a plan as it was stored. Its version is that of the text: it stays the one that was
    /// adopted although a driver may have learned an option since, whose default is filled in. What was good enough to be
    /// adopted is not refused by a rule that was added later: the plan is there, and the rule's problem beside it.
    /// </summary>
    public PlanReading ReadStored(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reading = Read([new("stored plan", text)], trusted: true);
        return reading with { Plan = reading.Plan is { } plan ? plan with { Version = PlanText.VersionOf(text) } : null };
    }

    private PlanReading Read(IReadOnlyList<PlanSource> sources, bool trusted)
    {
        var problems = new ProblemList();
        var shapes = new ShapeReader(problems);
        var merged = Merge(sources, problems, out var whole);
        if (merged is null || shapes.Read(PlanKeys.Shape, merged, KeyPath.Root, merged.Place) is not { } plan)
        {
            return new() { Plan = null, Problems = Sorted(problems.All.Select(f => f.Problem), sources), Accepted = [] };
        }

        var options = new OptionReader(problems, shapes, tables);
        var draft = new DraftReader(drivers, options, problems).Read(plan.Fields, whole);
        var builder = new ModelBuilder(draft);
        References.Check(draft, problems);
        Cycles.Check(draft, problems);
        PeopleAndSteps.Check(draft, problems);
        var readable = !problems.AnyError;
        Decisions.Check(draft, problems);
        ObjectivesInReach.Check(draft, problems);
        Resilience.Check(draft, problems);
        DriverReviews.Check(draft, builder, problems);
        var (left, accepted) = Acceptances.Apply(draft, drivers.Values, problems);
        return new()
        {
            Plan = (trusted ? readable : !left.Any(p => p.IsError)) ? Versioned(builder.Plan()) : null,
            Problems = Sorted(left, sources),
            Accepted = accepted,
        };
    }

    private static KedgePlan Versioned(KedgePlan plan) => plan with { Version = PlanText.VersionOf(PlanText.Write(plan)) };

    private static MapNode? Merge(IReadOnlyList<PlanSource> sources, ProblemList problems, out bool whole)
    {
        whole = true;
        var roots = new List<PlanNode>();
        foreach (var source in sources)
        {
            if (source.Unreadable is { } unreadable)
            {
                problems.Add(unreadable);
                whole = false;
                continue;
            }

            var file = YamlReader.Read(source.File, source.Text, problems);
            whole &= file.Whole;
            if (file.Root is { } root)
            {
                roots.Add(root);
            }
        }

        var merged = PlanMerge.Merge(roots, PlanKeys.Shape, problems);
        if (merged is null && !problems.AnyError)
        {
            problems.Add(
                ProblemCode.Empty, new(sources.Count > 0 ? sources[0].File : "plan", 1, 1), KeyPath.Root, "The plan is empty.",
                "Begin with `plan: NAME`, or write a first plan with `kedge init`.");
        }

        return merged is null ? null : merged with { Complete = merged.Complete && whole };
    }

    private static List<PlanProblem> Sorted(IEnumerable<PlanProblem> problems, IReadOnlyList<PlanSource> sources)
    {
        var order = new Dictionary<string, int>();
        foreach (var source in sources)
        {
            order.TryAdd(source.File, order.Count);
        }

        return
        [.. problems
            .OrderBy(p => order.GetValueOrDefault(p.File, int.MaxValue)).ThenBy(p => p.Line).ThenBy(p => p.Column)
            .ThenBy(p => p.Code, StringComparer.Ordinal).ThenBy(p => p.Path, StringComparer.Ordinal).ThenBy(p => p.What, StringComparer.Ordinal)
            .Distinct()];
    }
}
