using Kedge.CommandLine.Vaults.Opening;

namespace Kedge.Tests.CommandLine;

/// <summary>A line as people type it into a shell, as far as our pages and examples need one.</summary>
internal static class ShellLine
{
    /// <summary>Words that end a command, standing alone.</summary>
    private static readonly string[] Between = ["|", "&&", "||", ";", "&", "<", ">", ">>", "2>"];

    /// <summary>The arguments of each call of kedge in it: without what is piped and redirected, and without comments.</summary>
    public static IReadOnlyList<string[]> CallsOfKedge(string line)
    {
        var calls = new List<string[]>();
        List<string>? call = null;
        var begins = true;
        foreach (var word in CommandWords.Split(Plain(line)) ?? throw new FormatException($"a quote is not closed: {line}"))
        {
            if (word.StartsWith('#'))
            {
                break;
            }

            if (Between.Contains(word))
            {
                (call, begins) = (null, true);
            }
            else if (call is not null)
            {
                call.Add(word);
                calls[^1] = [.. call];
            }
            else if (begins && word is ("kedge" or "./kedge"))
            {
                call = [];
                calls.Add([]);
            }
            else
            {
                // A variable for the command, or a prompt, may stand before it.
                begins = begins && (word == "$" || word.Contains('=', StringComparison.Ordinal));
            }
        }

        return calls;
    }

    /// <summary><c>source &lt;(kedge …)</c>, too, calls kedge.</summary>
    private static string Plain(string line) =>
        line.Contains("<(", StringComparison.Ordinal) ? line.Replace("<(", "| ", StringComparison.Ordinal).TrimEnd(')') : line;
}
