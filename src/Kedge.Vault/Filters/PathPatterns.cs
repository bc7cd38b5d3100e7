using Kedge.Vault.Files;

namespace Kedge.Vault.Filters;

/// <summary>A list of patterns as restic's <c>--exclude</c> and <c>--include</c> take them. Any thread may ask it.</summary>
public sealed class PathPatterns
{
    private const int UsualDepth = 64;
    private const int UsualLength = 512;

    private readonly PathPattern[] patterns;
    private readonly bool ignoresCase;
    private readonly bool hasNegated;

    private PathPatterns(PathPattern[] patterns, bool ignoresCase)
    {
        (this.patterns, this.ignoresCase) = (patterns, ignoresCase);
        hasNegated = patterns.Any(p => p.IsNegated);
    }

    /// <param name="patterns">Bytes as names are; empty ones are left out. A later one that begins with an exclamation mark
    /// takes back what earlier ones match.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>: one is malformed.</exception>
    public static PathPatterns Parse(IEnumerable<byte[]> patterns, bool ignoresCase)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        return new([.. patterns.Where(p => p.Length > 0).Select(p => ParseOne(p, ignoresCase))], ignoresCase);
    }

    /// <param name="path">Absolute, as bytes; no doubled slashes, none at its end.</param>
    public bool Match(ReadOnlySpan<byte> path) => Match(path, asksBelow: false, out _);

    /// <param name="below">Whether something below a folder of this path may match.</param>
    public bool Match(ReadOnlySpan<byte> path, out bool below) => Match(path, asksBelow: true, out below);

    private static PathPattern ParseOne(byte[] pattern, bool ignoresCase) =>
        PathPattern.Parse(ignoresCase ? LowerCase.Of(pattern) : pattern)
        ?? throw new VaultException(
            VaultFault.Misuse, $"the pattern '{PathText.Of(pattern)}' is malformed", @"Close what [ opens, and write \ before a character that shall stand for itself.");

    private bool Match(ReadOnlySpan<byte> path, bool asksBelow, out bool below)
    {
        if (!ignoresCase)
        {
            return MatchCased(path, asksBelow, out below);
        }

        var longest = LowerCase.LongestOf(path.Length);
        Span<byte> lower = longest <= UsualLength ? stackalloc byte[UsualLength] : new byte[longest];
        return MatchCased(lower[..LowerCase.Write(path, lower)], asksBelow, out below);
    }

    private bool MatchCased(ReadOnlySpan<byte> path, bool asksBelow, out bool below)
    {
        var depth = PathNames.CountOf(path);
        Span<int> room = depth <= UsualDepth ? stackalloc int[UsualDepth] : new int[depth];
        var names = new PathNames(path, room);
        var matches = false;
        below = !asksBelow && patterns.Length > 0;
        foreach (var pattern in patterns)
        {
            if (pattern.IsNegated)
            {
                if ((matches || below) && pattern.Matches(names))
                {
                    matches = below = false;
                }

                continue;
            }

            matches = matches || pattern.Matches(names);
            below = below || pattern.MayMatchBelow(names);
            if (matches && below && !hasNegated)
            {
                break;
            }
        }

        return matches;
    }
}
