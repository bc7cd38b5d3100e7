using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kedge.CommandLine.Rendering.Text;

namespace Kedge.CommandLine.Terminals;

/// <summary>
/// Where a command's words go. Pages go to standard output, remarks along the way to standard error; with
/// <c>--json</c> standard output carries JSON alone, and all that is for people goes to standard error.
/// </summary>
public sealed class Terminal(CommandHost host, bool json, bool colour)
{
    /// <summary>Beyond this a line is hard to follow.</summary>
    private const int Widest = 140;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool Json { get; } = json;

    /// <summary>True where somebody can be asked.</summary>
    public bool CanAsk => host.Interactive && !Json;

    /// <summary>True where what was written can be drawn again.</summary>
    public bool Redraws => host.Redraws && !Json;

    /// <summary>Columns to lay out for; a terminal's last one stays free.</summary>
    public int Width => Math.Min(Widest, host.Redraws ? host.Size().Width - 1 : host.Size().Width);

    /// <summary>Shows a page: the command's result, for people; does nothing with <c>--json</c>.</summary>
    public void Show(Page page)
    {
        if (!Json)
        {
            Write(page);
        }
    }

    /// <summary>Shows a page below what was shown before, with a free line between; an empty page leaves no trace.</summary>
    public void ShowBelow(Page page)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (page.Lines.Count > 0)
        {
            Show([Styled.Empty]);
            Show(page);
        }
    }

    /// <summary>Shows lines as they are, for people; does nothing with <c>--json</c>.</summary>
    public void Show(IEnumerable<Styled> lines) => Show(new Page(Width).Add(lines));

    /// <summary>Text that is the result itself (a plan, a drawing, Markdown): standard output, as it is.</summary>
    public void Write(string text) => host.Output.Write(text);

    /// <summary>A page that is the result itself (help): standard output.</summary>
    public void Write(Page page)
    {
        ArgumentNullException.ThrowIfNull(page);
        foreach (var line in page.Lines)
        {
            host.Output.WriteLine(Encode(line, colour));
        }

        host.Output.Flush();
    }

    /// <summary>A remark along the way.</summary>
    public void Say(Styled line) => host.Error.WriteLine(Encode(line, colour));

    /// <summary>The command's result as JSON; does nothing without <c>--json</c>.</summary>
    public void Result(JsonNode result)
    {
        if (Json)
        {
            host.Output.WriteLine(result.ToJsonString(Indented));
        }
    }

    /// <summary>One of a sequence of results, a line each; does nothing without <c>--json</c>.</summary>
    public void ResultLine(JsonNode result)
    {
        if (Json)
        {
            host.Output.WriteLine(result.ToJsonString(OneLine));
            host.Output.Flush();
        }
    }

    /// <summary>What is wrong and what to do about it.</summary>
    internal void Fail(int exitCode, string what, string? fix, VerbManners manners)
    {
        Say(Styled.Bad("kedge: ") + what);
        if (fix is not null)
        {
            Say(Styled.Quiet("  fix: ") + fix);
        }

        var failure = manners.Failure(exitCode, what, fix);
        if (manners.InLines)
        {
            ResultLine(failure);
        }
        else
        {
            Result(failure);
        }
    }

    /// <summary>A region that is drawn again and again; null where lines can only be appended.</summary>
    public LiveRegion? Live() => Redraws ? new(host, colour) : null;

    /// <summary>Asks for a line. Only where <see cref="CanAsk"/>. Interrupted, it ends at once, whatever was typed so far.</summary>
    public string Ask(Styled question, CancellationToken cancellation)
    {
        host.Output.Write(Encode(question, colour) + " ");
        host.Output.Flush();
        var reading = Task.Run(host.Input.ReadLine, CancellationToken.None);
        try
        {
            reading.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            host.Output.WriteLine();
            throw;
        }

        return reading.Result?.Trim() ?? "";
    }

    /// <summary>The line as this terminal takes it.</summary>
    internal string Encode(Styled line) => Encode(line, colour);

    internal static string Encode(Styled line, bool colour)
    {
        if (!colour)
        {
            return line.ToString().TrimEnd();
        }

        var text = new StringBuilder();
        foreach (var piece in line.Pieces)
        {
            var code = Code(piece.Tone);
            text.Append(code.Length == 0 ? piece.Text : $"\e[{code}m{piece.Text}\e[0m");
        }

        return text.ToString();
    }

    /// <summary>Codes of ECMA-48 SGR; only the eight colours that every terminal's owner has chosen.</summary>
    private static string Code(Tone tone) => tone switch
    {
        Tone.Strong => "1",
        Tone.Quiet => "2",
        Tone.Good => "32",
        Tone.Warning => "33",
        Tone.Bad => "1;31",
        Tone.Accent => "36",
        _ => "",
    };
}
