namespace Kedge.Vault.Filters;

/// <summary>
/// A pattern for one name of a path, as Go's <c>path/filepath.Match</c> has it: <c>*</c> stands for any bytes, <c>?</c> for
/// one character (a byte where the name is not UTF-8), <c>[a-z]</c> and <c>[^a-z]</c> for one of some or none of them, and a
/// backslash takes the meaning from what follows.
/// </summary>
internal sealed class NamePattern
{
    private readonly Kind kind;
    private readonly byte[] literal;
    private readonly NameChunk[] chunks;
    private readonly bool beginsWithStar;
    private readonly bool endsWithStar;

    private NamePattern(Kind kind, byte[] literal)
    {
        (this.kind, this.literal) = (kind, literal);
        chunks = [];
    }

    private NamePattern(NameChunk[] chunks, bool beginsWithStar, bool endsWithStar)
    {
        (kind, this.chunks, this.beginsWithStar, this.endsWithStar) = (Kind.Chunks, chunks, beginsWithStar, endsWithStar);
        literal = [];
    }

    /// <summary>Most patterns are of the first four kinds, which cost a comparison.</summary>
    private enum Kind
    {
        Literal,
        Anything,
        Beginning,
        Ending,
        Chunks,
    }

    /// <returns>Null where it is malformed.</returns>
    internal static NamePattern? Parse(ReadOnlySpan<byte> pattern)
    {
        if (!pattern.ContainsAny("\\[]*?"u8))
        {
            return new(Kind.Literal, pattern.ToArray());
        }

        var chunks = new List<NameChunk>();
        var (beginsWithStar, endsWithStar) = (pattern[0] == '*', false);
        while (true)
        {
            var rest = pattern.TrimStart((byte)'*');
            endsWithStar = rest.Length < pattern.Length;
            if (rest.IsEmpty)
            {
                break;
            }

            if (NameChunk.Parse(ref rest) is not { } chunk)
            {
                return null;
            }

            chunks.Add(chunk);
            pattern = rest;
        }

        return (chunks, beginsWithStar, endsWithStar) switch
        {
            ([], _, _) => new(Kind.Anything, []),
            ([{ Plain: { } text }], false, false) => new(Kind.Literal, text),
            ([{ Plain: { } text }], true, false) => new(Kind.Ending, text),
            ([{ Plain: { } text }], false, true) => new(Kind.Beginning, text),
            _ => new([.. chunks], beginsWithStar, endsWithStar),
        };
    }

    internal bool Matches(ReadOnlySpan<byte> name) => kind switch
    {
        Kind.Literal => name.SequenceEqual(literal),
        Kind.Anything => true,
        Kind.Beginning => name.StartsWith(literal),
        Kind.Ending => name.EndsWith(literal),
        _ => MatchesChunks(name),
    };

    private bool MatchesChunks(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < chunks.Length; i++)
        {
            var mustEnd = i == chunks.Length - 1 && !endsWithStar;
            var mayMove = i > 0 || beginsWithStar;
            var rest = chunks[i].Match(name);
            // The first place that fits is the right one: what follows has then the most to choose from.
            for (var at = 1; mayMove && (rest < 0 || (mustEnd && rest > 0)) && at <= name.Length; at++)
            {
                rest = chunks[i].Match(name[at..]);
            }

            if (rest < 0 || (mustEnd && rest > 0))
            {
                return false;
            }

            name = name[^rest..];
        }

        return true;
    }
}
