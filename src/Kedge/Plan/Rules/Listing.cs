namespace Kedge.Plan.Rules;

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
            1 => all[0],
            <= Most => $"{string.Join(", ", all[..^1])} and {all[^1]}",
            _ => $"{string.Join(", ", all[..Most])} and {all.Count - Most} more",
        };
    }
}
