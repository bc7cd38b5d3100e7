using Kedge.Plan.Model;
using Kedge.Plan.Reading;
using Kedge.Plan.Text;

namespace Kedge.Plan;

/// <summary>What differs between two plans, by meaning: comments, layout and what was left to defaults do not count.</summary>
public static class PlanDiff
{
    /// <summary>In the order of the canonical text; empty exactly where both have the same version.</summary>
    public static IReadOnlyList<PlanChange> Between(KedgePlan old, KedgePlan @new)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(@new);
        var changes = new List<PlanChange>();
        Compare(CanonicalTree.Of(old), CanonicalTree.Of(@new), "", changes);
        return changes;
    }

    private static void Compare(object old, object now, string path, List<PlanChange> changes)
    {
        switch (old, now)
        {
            case (TreeMap before, TreeMap after):
                Entries(before.Entries, after.Entries, name => path.Length > 0 ? $"{path}.{Quote.Key(name)}" : name, changes);
                break;
            case (List<object> before, List<object> after) when Identified(before) is { } oldItems && Identified(after) is { } newItems:
                Entries(oldItems, newItems, name => $"{path}[{Quote.Key(name)}]", changes);
                Order(oldItems, newItems, path, changes);
                break;
            default:
                if (JsonText.Of(old) != JsonText.Of(now))
                {
                    changes.Add(new(path, InlineText.Of(old), InlineText.Of(now)));
                }

                break;
        }
    }

    private static void Entries(
        IReadOnlyList<KeyValuePair<string, object>> old, IReadOnlyList<KeyValuePair<string, object>> now, Func<string, string> path, List<PlanChange> changes)
    {
        var after = now.ToDictionary(e => e.Key, e => e.Value);
        var before = old.Select(e => e.Key).ToHashSet();
        foreach (var (name, value) in old)
        {
            if (after.TryGetValue(name, out var still))
            {
                Compare(value, still, path(name), changes);
            }
            else
            {
                changes.Add(new(path(name), InlineText.Of(value), null));
            }
        }

        foreach (var (name, value) in now.Where(e => !before.Contains(e.Key)))
        {
            changes.Add(new(path(name), null, InlineText.Of(value)));
        }
    }

    private static void Order(
        List<KeyValuePair<string, object>> old, List<KeyValuePair<string, object>> now, string path, List<PlanChange> changes)
    {
        var kept = old.Select(e => e.Key).Intersect(now.Select(e => e.Key)).ToList();
        var reordered = now.Select(e => e.Key).Where(kept.Contains).ToList();
        if (!kept.SequenceEqual(reordered))
        {
            changes.Add(new($"{path} (order)", string.Join(", ", kept.Select(Quote.Key)), string.Join(", ", reordered.Select(Quote.Key))));
        }
    }

    /// <summary>The items of a list of mappings by what tells them apart; null where nothing does.</summary>
    private static List<KeyValuePair<string, object>>? Identified(List<object> items)
    {
        var named = new List<KeyValuePair<string, object>>();
        foreach (var item in items)
        {
            if (item is not TreeMap map || Identity(map) is not { } identity)
            {
                return null;
            }

            named.Add(new(identity, item));
        }

        return named.Select(n => n.Key).Distinct().Count() == named.Count ? named : null;
    }

    private static string? Identity(TreeMap map) => map.Entries switch
    {
        [{ Key: "name" or "threat", Value: string name }, ..] => name,
        [{ Key: "warning", Value: string code }, { Key: "at", Value: string at }, ..] => $"{code} at {at}",
        _ => null,
    };
}
