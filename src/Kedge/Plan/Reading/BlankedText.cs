namespace Kedge.Plan.Reading;

/// <summary>A file's text with broken blocks blanked out: what is left keeps its lines and columns.</summary>
internal sealed class BlankedText(string text)
{
    private readonly string[] lines = text.Split(["\r\n", "\n", "\r"], StringSplitOptions.None);
    private readonly List<BlankedLines> blanked = [];

    public string Text => blanked.Count == 0 ? text : string.Join('\n', lines);

    public IReadOnlyList<BlankedLines> Blanked => blanked;

    /// <summary>The first tab in the indentation of a line from this one on; null where there is none.</summary>
    public (int Line, int Column)? TabInIndent(int from)
    {
        for (var line = Math.Max(1, from); line <= lines.Length; line++)
        {
            if (lines[line - 1].AsSpan(0, Indent(lines[line - 1])).IndexOf('\t') is >= 0 and var column)
            {
                return (line, column + 1);
            }
        }

        return null;
    }

    /// <summary>
    /// Blanks the line and what is indented below it. False where nothing was left to blank.
    /// </summary>
    public bool BlankBlock(int line)
    {
        var from = Math.Clamp(line, 1, lines.Length) - 1;
        while (from >= 0 && lines[from].AsSpan().Trim().IsEmpty)
        {
            from--;
        }

        if (from < 0)
        {
            return false;
        }

        var indent = Indent(lines[from]);
        var isItem = IsItem(lines[from]);
        var to = from;
        while (to + 1 < lines.Length && Belongs(lines[to + 1], indent, isItem))
        {
            to++;
        }

        for (var i = from; i <= to; i++)
        {
            lines[i] = "";
        }

        var before = from - 1;
        while (before >= 0 && lines[before].AsSpan().Trim().IsEmpty)
        {
            before--;
        }

        blanked.Add(new(before + 1, from + 1, to + 1));
        return true;
    }

    private static bool Belongs(string line, int indent, bool isItem) =>
        line.AsSpan().Trim() is [] or ['#', ..] or [']' or '}', ..] || Indent(line) > indent || (Indent(line) == indent && !isItem && IsItem(line));

    private static int Indent(string line) => line.Length - line.AsSpan().TrimStart(" \t").Length;

    private static bool IsItem(string line) => line.AsSpan().TrimStart() is "-" or ['-', ' ', ..];
}

/// <summary>Lines that were left out; from 1, both ends included.</summary>
/// <param name="After">The line before them that says something; 0 where there is none.</param>
internal readonly record struct BlankedLines(int After, int From, int To);
