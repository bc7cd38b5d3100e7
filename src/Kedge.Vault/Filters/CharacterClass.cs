using System.Buffers;
using System.Text;

namespace Kedge.Vault.Filters;

/// <summary>Characters of which one is asked for: <c>[abc]</c>, <c>[a-z]</c>, or with <c>^</c> all others.</summary>
internal sealed class CharacterClass
{
    private readonly (Rune From, Rune To)[] ranges;
    private readonly bool isNegated;

    private CharacterClass((Rune From, Rune To)[] ranges, bool isNegated) => (this.ranges, this.isNegated) = (ranges, isNegated);

    /// <param name="pattern">After the opening bracket; afterwards what follows the closing one.</param>
    /// <returns>Null where it is malformed: empty, not closed, a range without an end, or not UTF-8.</returns>
    internal static CharacterClass? Parse(ref ReadOnlySpan<byte> pattern)
    {
        var isNegated = pattern.StartsWith("^"u8);
        pattern = isNegated ? pattern[1..] : pattern;
        var ranges = new List<(Rune, Rune)>();
        while (!(pattern.StartsWith("]"u8) && ranges.Count > 0))
        {
            if (!TryTake(ref pattern, out var from))
            {
                return null;
            }

            var to = from;
            if (pattern[0] == '-')
            {
                pattern = pattern[1..];
                if (!TryTake(ref pattern, out to))
                {
                    return null;
                }
            }

            ranges.Add((from, to));
        }

        pattern = pattern[1..];
        return new([.. ranges], isNegated);
    }

    internal bool Contains(Rune character)
    {
        foreach (var (from, to) in ranges)
        {
            if (from <= character && character <= to)
            {
                return !isNegated;
            }
        }

        return isNegated;
    }

    /// <summary>A character and something behind it, if only the closing bracket.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> pattern, out Rune character)
    {
        character = default;
        if (pattern.IsEmpty || pattern[0] is (byte)'-' or (byte)']')
        {
            return false;
        }

        pattern = pattern[0] == '\\' ? pattern[1..] : pattern;
        if (Rune.DecodeFromUtf8(pattern, out character, out var length) != OperationStatus.Done)
        {
            return false;
        }

        pattern = pattern[length..];
        return !pattern.IsEmpty;
    }
}
