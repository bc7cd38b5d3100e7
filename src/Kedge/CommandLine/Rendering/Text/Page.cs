using System.Text;

namespace Kedge.CommandLine.Rendering.Text;

/// <summary>
/// Lines for a reader, laid out for a width. The same input gives the same lines, without trailing spaces, so that they
/// can be compared, mailed and piped.
/// </summary>
public sealed class Page(int width)
{
    /// <summary>Everything is laid out for terminals of 80 columns or more, of which the last stays free: a line that fills it may break.</summary>
    public const int Narrowest = 79;

    private readonly List<Styled> lines = [];

    /// <summary>In columns; at least <see cref="Narrowest"/>.</summary>
    public int Width { get; } = Math.Max(width, Narrowest);

    public IReadOnlyList<Styled> Lines => lines;

    public Page Add(Styled line)
    {
        lines.Add(line);
        return this;
    }

    public Page Add(IEnumerable<Styled> more)
    {
        lines.AddRange(more);
        return this;
    }

    /// <summary>A blank line, unless there is one already or nothing stands before it.</summary>
    public Page Gap()
    {
        if (lines.Count > 0 && lines[^1].Width > 0)
        {
            lines.Add(Styled.Empty);
        }

        return this;
    }

    /// <summary>A heading, set off from what stands before.</summary>
    public Page Heading(string text) => Gap().Add(Styled.Strong(text));

    /// <summary>Text that is broken to the width.</summary>
    /// <param name="indent">Columns before each line.</param>
    /// <param name="first">What stands in the indentation of the first line.</param>
    public Page Paragraph(Styled text, int indent = 0, Styled? first = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var margin = Styled.Of(new string(' ', indent));
        var begin = first?.Padded(indent) ?? margin;
        foreach (var line in text.Wrapped(Width - indent))
        {
            lines.Add(begin + line);
            begin = margin;
        }

        return this;
    }

    public Page Table(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        lines.AddRange(table.Lines(Width));
        return this;
    }

    /// <summary>As plain text, a line feed after each line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
