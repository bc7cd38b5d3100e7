using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Recover.Compile;

/// <summary>Steps and what each needs, while a recovery plan is being put together.</summary>
internal sealed class StepGraph
{
    private readonly List<Node> nodes = [];
    private readonly Dictionary<(ServiceName, Phase), List<string>> byPlace = [];
    private readonly Dictionary<string, Node> byId = new(StringComparer.Ordinal);

    /// <summary>Adds a step; a second one of the same identity is a defect and throws.</summary>
    public string Add(RecoveryStep step)
    {
        var node = new Node(step, nodes.Count);
        byId.Add(step.Id, node);
        nodes.Add(node);
        if (!byPlace.TryGetValue((step.Service, step.Phase), out var steps))
        {
            byPlace[(step.Service, step.Phase)] = steps = [];
        }

        steps.Add(step.Id);
        return step.Id;
    }

    /// <summary>A service's steps of one phase, in the order in which they were added.</summary>
    public IReadOnlyList<string> Of(ServiceName service, Phase phase) =>
        byPlace.TryGetValue((service, phase), out var steps) ? [.. steps] : [];

    public void Order(string first, string then)
    {
        byId[then].Needs.Add(byId[first]);
        byId[first].Followers.Add(byId[then]);
    }

    public void Order(IEnumerable<string> firsts, IEnumerable<string> thens)
    {
        var list = firsts.ToList();
        foreach (var then in thens)
        {
            foreach (var first in list)
            {
                Order(first, then);
            }
        }
    }

    /// <summary>What a step needs directly.</summary>
    public IEnumerable<string> NeedsOf(string step) => byId[step].Needs.Select(n => n.Step.Id);

    /// <summary>What needs a step directly.</summary>
    public IEnumerable<string> FollowersOf(string step) => byId[step].Followers.Select(n => n.Step.Id);

    /// <summary>All that must be over before any of the steps given, themselves included.</summary>
    public IReadOnlySet<string> UpTo(IEnumerable<string> steps) => Reach(steps, n => n.Needs);

    /// <summary>All that must wait for any of the steps given, themselves included.</summary>
    public IReadOnlySet<string> From(IEnumerable<string> steps) => Reach(steps, n => n.Followers);

    private HashSet<string> Reach(IEnumerable<string> steps, Func<Node, IEnumerable<Node>> next)
    {
        var seen = steps.ToHashSet(StringComparer.Ordinal);
        var open = new Stack<Node>(seen.Select(s => byId[s]));
        while (open.TryPop(out var node))
        {
            foreach (var other in next(node).Where(o => seen.Add(o.Step.Id)))
            {
                open.Push(other);
            }
        }

        return seen;
    }

    /// <summary>
    /// Every step after all it needs; where that leaves a choice, by phase, then in the order in which they were added.
    /// Needs that follow from others are left out. A cycle throws: validation and the compiler's rules exclude it.
    /// </summary>
    public IReadOnlyList<RecoveryStep> Sorted()
    {
        var open = nodes.ToDictionary(n => n, n => n.Needs.Count);

        var ready = new PriorityQueue<Node, (int, int)>();
        foreach (var node in nodes.Where(n => n.Needs.Count == 0))
        {
            ready.Enqueue(node, node.Rank);
        }

        var sorted = new List<RecoveryStep>(nodes.Count);
        while (ready.TryDequeue(out var node, out _))
        {
            node.Place = sorted.Count;
            sorted.Add(node.Step with
            {
                Needs = [.. Direct(node).OrderBy(n => n.Place).Select(n => n.Step.Id)],
            });
            foreach (var follower in node.Followers)
            {
                if (--open[follower] == 0)
                {
                    ready.Enqueue(follower, follower.Rank);
                }
            }
        }

        return sorted.Count == nodes.Count
            ? sorted
            : throw new InvalidOperationException(
                $"the steps wait for each other: {string.Join(", ", nodes.Where(n => n.Place < 0).Select(n => n.Step.Id))}");
    }

    private static IEnumerable<Node> Direct(Node node) =>
        node.Needs.Where(need => !node.Needs.Any(other => other != need && other.Needs.Contains(need)));

    private sealed class Node(RecoveryStep step, int added)
    {
        public RecoveryStep Step { get; } = step;

        public HashSet<Node> Needs { get; } = [];

        public HashSet<Node> Followers { get; } = [];

        public int Place { get; set; } = -1;

        public (int, int) Rank => ((int)Step.Phase, added);
    }
}

/// <summary>The ends of one service's part of the graph, by which services are ordered among each other.</summary>
/// <param name="Beginnings">Steps that must not begin before the services needed were verified.</param>
/// <param name="Verified">Steps after which the service is known to serve.</param>
internal sealed record ServiceSteps(IReadOnlyList<string> Beginnings, IReadOnlyList<string> Verified);
