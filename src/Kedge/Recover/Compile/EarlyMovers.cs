using Kedge.Plan.Model;

namespace Kedge.Recover.Compile;

/// <summary>
/// Finds the components that may move, with their traffic, before the data does: those that hold none and reach all
/// they need at whichever site it is active. In a planned move they then cost no outage at all.
/// </summary>
internal sealed class EarlyMovers(Service service, IReadOnlyDictionary<string, ComponentSteps> steps)
{
    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);

    public IReadOnlySet<string> Find(bool planned) => planned
        ? service.Components.Select(c => c.Id.Name).Where(MovesEarly).ToHashSet(StringComparer.Ordinal)
        : new HashSet<string>();

    private bool MovesEarly(string component)
    {
        if (known.TryGetValue(component, out var answer))
        {
            return answer;
        }

        // Validation has excluded cycles; the entry made here only keeps an unvalidated plan from recursing for ever.
        known[component] = false;
        var needs = service.Components.First(c => c.Id.Name == component).Needs;
        return known[component] = !steps[component].HoldsData
            && steps[component].Promote.Count == 0
            && needs.All(n => n.AcrossSites || MovesEarly(n.Component));
    }
}
