namespace Kedge.Plan.Reading;

/// <summary>A file's text with broken blocks blanked out: what is left keeps its lines and columns.</summary>
internal sealed class BlankedText(string text)
{
    private readonly string[] lines = text.Split(["\r\n", "\n", "\r"], StringSplitOptions.None);
    private readonly List<BlankedLines> blanked = [];

    public string Text => blanked.Count == 0 ? text : string.Join('\n', lines);

    public IReadOnlyList<BlankedLines> Blanked => blanked;

    /// <summary>The column of a tab in the indentation of a line; null where there is none.</summary>
    public int? TabInIndent(int line)
    {
        if (line < 1 || line > lines.Length)
        {
            return null;
        }

        var indent = lines[line - 1].AsSpan(0, lines[line - 1].Length - lines[line - 1].AsSpan().TrimStart(" \t").Length);
        return indent.IndexOf('\t') is >= 0 and var column ? column + 1 : null;
    }

    /// <summary>
    /// Blanks the line, all up to <paramref name="through"/>, and what is indented below it. False where nothing was left to blank.
    /// </summary>
    public bool BlankBlock(int line, int through)
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

        // An unclosed quotation mark runs to wherever the parser gave up; what stands at this level after it is worth a look.
        to = Math.Max(to, Math.Min(through, line + 1) - 1);
        for (var i = from; i <= Math.Min(to, lines.Length - 1); i++)
        {
            lines[i] = "";
        }

        blanked.Add(new(from + 1, to + 1));
        return true;
    }

    private static bool Belongs(string line, int indent, bool isItem) =>
        line.AsSpan().Trim().IsEmpty || Indent(line) > indent || (Indent(line) == indent && !isItem && IsItem(line));

    private static int Indent(string line) => line.Length - line.AsSpan().TrimStart(" \t").Length;

    private static bool IsItem(string line) => line.AsSpan().TrimStart() is "-" or ['-', ' ', ..];
}

/// <summary>Lines that were left out; from 1, both ends included.</summary>
internal readonly record struct BlankedLines(int From, int To);
