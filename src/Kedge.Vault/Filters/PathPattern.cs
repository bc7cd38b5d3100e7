using Kedge.Vault.Files;

namespace Kedge.Vault.Filters;

/// <summary>
/// A pattern for paths, with restic's meaning (its manual, "Excluding Files"): names between slashes, each as
/// <see cref="NamePattern"/> has it. One that begins with a slash is held against the beginning of a path, any other against
/// neighbouring names anywhere in it; whatever lies below a match matches, too. <c>**</c> stands for any number of names.
/// </summary>
internal sealed class PathPattern
{
    /// <summary>What stands between the <c>**</c>.</summary>
    private readonly NamePattern[][] stretches;
    private readonly int names;
    private readonly bool isAbsolute;

    private PathPattern(NamePattern[][] stretches, bool isAbsolute, bool isNegated)
    {
        (this.stretches, this.isAbsolute, IsNegated) = (stretches, isAbsolute, isNegated);
        names = stretches.Sum(s => s.Length);
    }

    /// <summary>Whether it takes back what an earlier pattern of the list matched: it began with an exclamation mark.</summary>
    internal bool IsNegated { get; }

    /// <param name="pattern">Not empty.</param>
    /// <returns>Null where it is malformed.</returns>
    internal static PathPattern? Parse(ReadOnlySpan<byte> pattern)
    {
        var isNegated = pattern[0] == '!';
        var clean = PathBytes.Clean(isNegated ? pattern[1..] : pattern).AsSpan();
        var isAbsolute = PathBytes.IsAbsolute(clean);
        clean = isAbsolute ? clean[1..] : clean;
        var stretches = new List<NamePattern[]>();
        var stretch = new List<NamePattern>();
        foreach (var range in clean.Split(PathBytes.Separator))
        {
            var name = clean[range];
            // Of the pattern "/" nothing is left, and restic takes that for any number of names.
            if (name.IsEmpty || name.SequenceEqual("**"u8))
            {
                stretches.Add([.. stretch]);
                stretch.Clear();
            }
            else if (NamePattern.Parse(name) is { } parsed)
            {
                stretch.Add(parsed);
            }
            else
            {
                return null;
            }
        }

        stretches.Add([.. stretch]);
        return new([.. stretches], isAbsolute, isNegated);
    }

    internal bool Matches(in PathNames path)
    {
        if (isAbsolute)
        {
            return MatchesFrom(path, 0);
        }

        if (names == 0)
        {
            return path.Count >= stretches.Length - 3;
        }

        for (var start = path.Count - names; start >= 0; start--)
        {
            if (MatchesFrom(path, start))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether something below a folder with this path may match.</summary>
    internal bool MayMatchBelow(in PathNames path)
    {
        if (!isAbsolute)
        {
            return true;
        }

        var first = stretches[0];
        for (var i = 0; i < Math.Min(first.Length, path.Count); i++)
        {
            if (!first[i].Matches(path[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool MatchesFrom(in PathNames path, int start)
    {
        if (!Fits(stretches[0], path, start))
        {
            return false;
        }

        var at = start + stretches[0].Length;
        var skipped = 0;
        // restic counts the root, which only absolute patterns name, and leaves a name for each ** that is still to come.
        var mostSkipped = path.Count + (isAbsolute ? 0 : 1) - names - (stretches.Length - 1);
        for (var i = 1; i < stretches.Length; i++)
        {
            mostSkipped++;
            while (skipped <= mostSkipped && !Fits(stretches[i], path, at))
            {
                (skipped, at) = (skipped + 1, at + 1);
            }

            if (skipped > mostSkipped)
            {
                return false;
            }

            at += stretches[i].Length;
        }

        return true;
    }

    private static bool Fits(NamePattern[] stretch, in PathNames path, int at)
    {
        if (at + stretch.Length > path.Count)
        {
            return false;
        }

        // The last names differ most.
        for (var i = stretch.Length - 1; i >= 0; i--)
        {
            if (!stretch[i].Matches(path[at + i]))
            {
                return false;
            }
        }

        return true;
    }
}
