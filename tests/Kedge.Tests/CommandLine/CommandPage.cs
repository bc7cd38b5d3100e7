using System.Text.RegularExpressions;

namespace Kedge.Tests.CommandLine;

/// <summary>
/// The commands of a page in Markdown: the lines of its code (four blanks before them, or between fences) that may call kedge,
/// those that a backslash continues put together, and what stands between backquotes in its sentences.
/// </summary>
internal sealed partial class CommandPage
{
    private readonly List<string> lines = [];
    private readonly List<string> mentions = [];

    public CommandPage(string text)
    {
        var isFenced = false;
        var prose = new List<string>();
        foreach (var line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isFenced = !isFenced;
            }
            else if (isFenced || line.StartsWith("    ", StringComparison.Ordinal))
            {
                AddCode(isFenced ? line : line[4..]);
            }
            else
            {
                prose.Add(line);
            }
        }

        mentions.AddRange(Quoted().Matches(string.Join('\n', prose)).Select(m => m.Groups[1].Value.Replace('\n', ' ')));
    }

    public IReadOnlyList<string> Lines => lines;

    public IReadOnlyList<string> Mentions => mentions;

    /// <summary>What a program printed is indented further, or does not begin like a command.</summary>
    private void AddCode(string line)
    {
        if (Command().IsMatch(line))
        {
            lines.Add(line);
        }
    }

    [GeneratedRegex(@"^(\$ )?((\./)?kedge |[A-Z_]+=\S+ (\./)?kedge |[a-z_]+ .*\| kedge )")]
    private static partial Regex Command();

    [GeneratedRegex("`(kedge [^`]+)`")]
    private static partial Regex Quoted();
}
