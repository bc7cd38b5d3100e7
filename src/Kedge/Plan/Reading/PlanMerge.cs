using Kedge.Plan.Language;

namespace Kedge.Plan.Reading;

/// <summary>Puts the files of a plan together to one mapping.</summary>
internal static class PlanMerge
{
    /// <summary>
    /// Things by name and lists are put together; what there is one of may stand in one file only. Null where no file
    /// holds anything.
    /// </summary>
    public static MapNode? Merge(IReadOnlyList<PlanNode> roots, MappingShape shape, ProblemList problems)
    {
        var maps = new List<MapNode>();
        foreach (var root in roots)
        {
            if (root is MapNode map)
            {
                maps.Add(map);
            }
            else if (root is not (ScalarNode { IsNull: true } or BrokenNode))
            {
                problems.Add(
                    ProblemCode.WrongKind, root.Place, KeyPath.Root, $"Expected {shape.Noun}; found {root.Noun}.", "Begin the file with `plan: NAME`.");
            }
        }

        if (maps.Count == 0)
        {
            return null;
        }

        var entries = new List<MapEntry>();
        foreach (var key in maps.SelectMany(m => m.Entries).GroupBy(e => e.Key))
        {
            var parts = key.ToList();
            entries.Add(parts.Count == 1 ? parts[0] : Together(parts, shape.Find(key.Key), problems));
        }

        return new(maps[0].Place, entries, maps.All(m => m.Complete), maps.Sum(m => m.Size));
    }

    private static MapEntry Together(List<MapEntry> parts, PlanKey? key, ProblemList problems)
    {
        var path = KeyPath.Root.Key(parts[0].Key);
        switch (key?.Shape)
        {
            case NamedShape named when parts.All(p => p.Value is MapNode):
                return new(parts[0].Key, parts[0].Place, Union(parts, named, path, problems));
            case ListShape when parts.All(p => p.Value is ListNode):
                return new(parts[0].Key, parts[0].Place, new ListNode(
                    parts[0].Value.Place, [.. parts.SelectMany(p => ((ListNode)p.Value).Items)], parts.Sum(p => p.Value.Size)));
            case NamedShape or ListShape:
                // One of them is of the wrong kind or empty: the reader of shapes says so where it keeps that one.
                return parts.Find(p => p.Value is not (MapNode or ListNode)) ?? parts[0];
            default:
                foreach (var again in parts.Skip(1))
                {
                    problems.Add(
                        ProblemCode.DuplicateAcrossFiles, again.Place, path,
                        $"{Quote.Text(again.Key)} stands here and at {parts[0].Place}.", "Keep it in one of the two files.");
                }

                return parts[0];
        }
    }

    private static MapNode Union(List<MapEntry> parts, NamedShape named, KeyPath path, ProblemList problems)
    {
        var first = new Dictionary<string, MapEntry>();
        var entries = new List<MapEntry>();
        foreach (var entry in parts.SelectMany(p => ((MapNode)p.Value).Entries))
        {
            if (first.TryAdd(entry.Key, entry))
            {
                entries.Add(entry);
            }
            else
            {
                problems.Add(
                    ProblemCode.DuplicateAcrossFiles, entry.Place, path.Key(entry.Key),
                    $"The {named.Of} {Quote.Text(entry.Key)} stands here and at {first[entry.Key].Place}.", "Keep it in one of the two files, or rename one.");
            }
        }

        return new(
            parts[0].Value.Place, entries, parts.All(p => ((MapNode)p.Value).Complete), parts.Sum(p => p.Value.Size));
    }
}
