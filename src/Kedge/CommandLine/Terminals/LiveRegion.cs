using System.Text;
using Kedge.CommandLine.Rendering.Text;

namespace Kedge.CommandLine.Terminals;

/// <summary>
/// The last lines of a terminal, drawn again in place. Disposing it leaves what was drawn last, and the cursor below.
/// </summary>
public sealed class LiveRegion(CommandHost host, bool colour) : IDisposable
{
    private int drawn;
    private bool hidden;

    /// <summary>Lines that fit.</summary>
    public int Height => Math.Max(8, host.Size().Height - 1);

    public void Draw(Page page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var width = host.Size().Width;
        var text = new StringBuilder();
        if (!hidden)
        {
            hidden = true;
            text.Append("\e[?25l");
        }

        text.Append(Back());
        var lines = page.Lines.Count <= Height ? page.Lines : [.. page.Lines.Take(Height)];
        foreach (var line in lines)
        {
            text.Append(Terminal.Encode(Cut(line, width), colour)).Append("\e[K\n");
        }

        drawn = lines.Count;
        host.Output.Write(text.Append("\e[J").ToString());
        host.Output.Flush();
    }

    /// <summary>Takes away what was drawn, so that something lasting can be written in its place.</summary>
    public void Clear()
    {
        host.Output.Write(Back() + "\e[J");
        host.Output.Flush();
        drawn = 0;
    }

    public void Dispose()
    {
        if (hidden)
        {
            ShowCursor(host.Output);
            hidden = false;
        }
    }

    /// <summary>For whoever ends before a region is disposed.</summary>
    public static void ShowCursor(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("\e[?25h");
        output.Flush();
    }

    private string Back() => drawn > 0 ? $"\e[{drawn}A\r" : "";

    /// <summary>A line that reached the edge would take two, and the region would creep down.</summary>
    private static Styled Cut(Styled line, int width)
    {
        if (line.Width < width)
        {
            return line;
        }

        var cut = Styled.Empty;
        var room = width - 1;
        foreach (var piece in line.Pieces)
        {
            var text = new StringBuilder();
            foreach (var rune in piece.Text.EnumerateRunes())
            {
                room -= Columns.Of(rune);
                if (room < 0)
                {
                    return cut + Styled.Of(text.ToString(), piece.Tone);
                }

                text.Append(rune.ToString());
            }

            cut += Styled.Of(text.ToString(), piece.Tone);
        }

        return cut;
    }
}
