using Kedge.Plan.Language;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>Nothing needs itself, however far round.</summary>
internal static class Cycles
{
    public static void Check(PlanDraft plan, ProblemList problems)
    {
        foreach (var cycle in Find([.. plan.Services.Select(s => s.Name)], name => plan.ServicesByName[name].Needs.Select(n => n.Value)))
        {
            var place = plan.ServicesByName[cycle[0]].Needs.First(n => n.Value == cycle[1]);
            Report(ProblemCode.ServiceCycle, "Services", cycle, place.Place, place.Path, problems);
        }

        foreach (var service in plan.Services)
        {
            foreach (var cycle in Find([.. service.Components.Select(c => c.Name)], name => service.ComponentsByName[name].Needs.Select(n => n.Value.Component)))
            {
                var place = service.ComponentsByName[cycle[0]].Needs.First(n => n.Value.Component == cycle[1]);
                Report(ProblemCode.ComponentCycle, "Components", cycle, place.Place, place.Path, problems);
            }
        }
    }

    private static void Report(ProblemCode code, string what, List<string> cycle, Place place, KeyPath path, ProblemList problems) =>
        problems.Add(code, place, path, $"{what} need each other in a circle: {string.Join(" -> ", cycle)}.", "Remove one of these needs.");

    /// <summary>For each group of names that reach each other, the shortest way round from the first of them: a, b, a.</summary>
    internal static IEnumerable<List<string>> Find(IReadOnlyList<string> names, Func<string, IEnumerable<string>> needs)
    {
        var known = names.ToHashSet();
        var edges = names.ToDictionary(n => n, n => needs(n).Where(known.Contains).Distinct().ToList());
        foreach (var group in Groups(names, edges))
        {
            if (group.Count > 1 || edges[group[0]].Contains(group[0]))
            {
                yield return Shortest(names.First(group.Contains), [.. group], edges);
            }
        }
    }

    private static List<string> Shortest(string start, HashSet<string> group, Dictionary<string, List<string>> edges)
    {
        var cameFrom = new Dictionary<string, string>();
        var queue = new Queue<string>([start]);
        while (queue.TryDequeue(out var at))
        {
            foreach (var next in edges[at].Where(group.Contains))
            {
                if (next == start)
                {
                    var path = new List<string> { start, at };
                    while (path[^1] != start)
                    {
                        path.Add(cameFrom[path[^1]]);
                    }

                    path.Reverse();
                    return at == start ? [start, start] : path;
                }

                if (cameFrom.TryAdd(next, at))
                {
                    queue.Enqueue(next);
                }
            }
        }

        throw new InvalidOperationException($"no way round from '{start}' although it reaches itself");
    }

    // Tarjan's strongly connected components, with a stack of its own: a chain of needs may be as long as a service is large.
    private static List<List<string>> Groups(IReadOnlyList<string> names, Dictionary<string, List<string>> edges)
    {
        var groups = new List<List<string>>();
        var index = new Dictionary<string, int>();
        var low = new Dictionary<string, int>();
        var path = new Stack<string>();
        var onPath = new HashSet<string>();
        var calls = new Stack<(string Name, int Next)>();
        foreach (var root in names.Where(n => !index.ContainsKey(n)))
        {
            calls.Push((root, 0));
            while (calls.TryPop(out var call))
            {
                var (name, next) = call;
                if (next == 0)
                {
                    index[name] = low[name] = index.Count;
                    path.Push(name);
                    onPath.Add(name);
                }
                else if (edges[name][next - 1] is var done && onPath.Contains(done))
                {
                    low[name] = Math.Min(low[name], low[done]);
                }

                if (next < edges[name].Count)
                {
                    calls.Push((name, next + 1));
                    if (!index.ContainsKey(edges[name][next]))
                    {
                        calls.Push((edges[name][next], 0));
                    }
                }
                else if (low[name] == index[name])
                {
                    var group = new List<string>();
                    string member;
                    do
                    {
                        member = path.Pop();
                        onPath.Remove(member);
                        group.Add(member);
                    }
                    while (member != name);
                    groups.Add(group);
                }
            }
        }

        return groups;
    }
}
