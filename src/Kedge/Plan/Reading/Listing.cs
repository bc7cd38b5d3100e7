namespace Kedge.Plan.Reading;

/// <summary>Names in a sentence.</summary>
internal static class Listing
{
    private const int Most = 5;

    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>; of many, the first few and how many more.</summary>
    public static string Of(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count switch
        {
            0 => "nothing",
            1 => all[0],
            <= Most => $"{string.Join(", ", all[..^1])} and {all[^1]}",
            _ => $"{string.Join(", ", all[..Most])} and {all.Count - Most} more",
        };
    }

    /// <summary><c>a</c>, <c>a or b</c>, <c>a, b or c</c>: all of them.</summary>
    public static string Or(IReadOnlyList<string> names) =>
        names.Count > 1 ? $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}" : string.Concat(names);
}
