namespace Kedge.Plan.Reading;

/// <summary>Finds the word that somebody probably meant.</summary>
internal static class Nearest
{
    private const int LongestWord = 64;

    /// <summary>
    /// The nearest word, if it is near: at most one slip in three letters (a letter wrong, missing, added, or two
    /// swapped), or one is the beginning of the other. Of equally near ones the first in alphabetical order; null where none is near.
    /// </summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        var limit = word.Length / 3;
        string? best = null;
        foreach (var candidate in known)
        {
            if (candidate.Length > LongestWord || (Math.Abs(candidate.Length - word.Length) > limit && !Begins(word, candidate)))
            {
                continue;
            }

            var distance = Begins(word, candidate) ? Math.Min(limit, Distance(word, candidate)) : Distance(word, candidate);
            if (distance < limit || (distance == limit && (best is null || string.CompareOrdinal(candidate, best) < 0)))
            {
                best = candidate;
                limit = distance;
            }
        }

        return best;
    }

    private static bool Begins(string a, string b) =>
        Math.Min(a.Length, b.Length) >= 3 && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal));

    // Optimal string alignment, three rows.
    private static int Distance(string a, string b)
    {
        Span<int> twoBack = stackalloc int[LongestWord + 1];
        Span<int> last = stackalloc int[LongestWord + 1];
        Span<int> row = stackalloc int[LongestWord + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], twoBack[j - 2] + 1);
                }
            }

            var spare = twoBack;
            twoBack = last;
            last = row;
            row = spare;
        }

        return last[b.Length];
    }
}
