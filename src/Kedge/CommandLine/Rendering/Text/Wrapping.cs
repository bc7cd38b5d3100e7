using System.Text;

namespace Kedge.CommandLine.Rendering.Text;

/// <summary>Breaks styled text into lines.</summary>
internal static class Wrapping
{
    public static IReadOnlyList<Styled> Break(Styled text, int width)
    {
        var lines = new List<Styled>();
        var line = Styled.Empty;
        var used = 0;
        foreach (var word in WordsOf(text))
        {
            var rest = word;
            var size = rest.Width;
            if (used > 0 && used + 1 + size > width)
            {
                lines.Add(line);
                (line, used) = (Styled.Empty, 0);
            }

            while (size > width)
            {
                var (head, tail) = Split(rest, width);
                lines.Add(head);
                (rest, size) = (tail, tail.Width);
            }

            line = used > 0 ? line + Styled.Of(" ", ToneBetween(line, rest)) + rest : rest;
            used = line.Width;
        }

        if (used > 0 || lines.Count == 0)
        {
            lines.Add(line);
        }

        return lines;
    }

    private static IEnumerable<Styled> WordsOf(Styled text)
    {
        var word = Styled.Empty;
        foreach (var piece in text.Pieces)
        {
            var parts = piece.Text.Split(' ');
            for (var i = 0; i < parts.Length; i++)
            {
                if (i > 0 && word.Pieces.Count > 0)
                {
                    yield return word;
                    word = Styled.Empty;
                }

                if (parts[i].Length > 0)
                {
                    word += Styled.Of(parts[i], piece.Tone);
                }
            }
        }

        if (word.Pieces.Count > 0)
        {
            yield return word;
        }
    }

    private static Tone ToneBetween(Styled left, Styled right) =>
        left.Pieces.Count > 0 && right.Pieces.Count > 0 && left.Pieces[^1].Tone == right.Pieces[0].Tone ? right.Pieces[0].Tone : Tone.Plain;

    /// <summary>Cuts a word that is wider than a line.</summary>
    private static (Styled Head, Styled Tail) Split(Styled word, int width)
    {
        var (head, tail) = (Styled.Empty, Styled.Empty);
        var used = 0;
        foreach (var piece in word.Pieces)
        {
            var (first, second) = (new StringBuilder(), new StringBuilder());
            foreach (var rune in piece.Text.EnumerateRunes())
            {
                used += Columns.Of(rune);
                (used <= width ? first : second).Append(rune.ToString());
            }

            head += Styled.Of(first.ToString(), piece.Tone);
            tail += Styled.Of(second.ToString(), piece.Tone);
        }

        // A line narrower than its first character still takes that character, or nothing would ever move on.
        return head.Width > 0 ? (head, tail) : (word, Styled.Empty);
    }
}
