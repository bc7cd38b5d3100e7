using System.CommandLine;
using System.CommandLine.Parsing;

namespace Kedge.CommandLine.Help;

/// <summary>What the parser did not understand, in our words, with the nearest thing that it would have.</summary>
internal static class UsageErrors
{
    public static (string What, string Fix) Of(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var path = PathOf(parsed);
        var help = $"see {path} --help";
        var command = parsed.CommandResult.Command;
        if (Unknown(parsed) is { } unknown)
        {
            var known = unknown.StartsWith('-')
                ? command.Options.Concat(parsed.RootCommandResult.Command.Options).Where(o => !o.Hidden).Select(o => o.Name)
                : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
            var what = unknown.StartsWith('-') ? $"{path} has no option {unknown}"
                : command.Subcommands.Count > 0 ? $"{path} has no verb '{unknown}'" : $"'{unknown}' is one argument too many for {path}";
            return Nearest(unknown, known) is { } near ? (what, $"did you mean {near}? {help}") : (what, help);
        }

        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            return (arguments.Count == 0 ? "no verb was given" : $"{path} needs a verb: {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}", help);
        }

        var missing = command.Options.Where(o => o.Required && parsed.GetResult(o) is null or { Implicit: true }).Select(o => $"{o.Name} {o.HelpName}").ToList();
        if (missing.Count > 0)
        {
            return ($"{path} needs {string.Join(" and ", missing)}", help);
        }

        // The parser lists what would have done on lines of their own.
        var lines = parsed.Errors[0].Message.TrimEnd('.').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var text = $"{lines[0]} {string.Join(", ", lines[1..])}".TrimEnd();
        return ($"{char.ToLowerInvariant(text[0])}{text[1..]}", help);
    }

    /// <summary>
    /// The first word that means nothing here; null where there is none. An argument that begins with a dash is a
    /// misspelt option, whatever the parser takes it for, unless a double dash alone stands before it.
    /// </summary>
    public static string? Unknown(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is [var first, ..])
        {
            return first;
        }

        var taken = parsed.Tokens.SkipWhile(t => t.Type is not TokenType.DoubleDash).Select(t => t.Value).ToHashSet(StringComparer.Ordinal);
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens)
            .Where(t => t.Type is TokenType.Argument).Select(t => t.Value).FirstOrDefault(t => t.StartsWith("--", StringComparison.Ordinal) && !taken.Contains(t));
    }

    /// <summary>The command as far as it was understood.</summary>
    public static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(at.Command is RootCommand ? "kedge" : at.Command.Name);
        }

        return string.Join(' ', names);
    }

    private static string? Nearest(string text, IEnumerable<string> known) => known
        .Select(k => (Word: k, Distance: Distance(text, k)))
        .Where(k => k.Distance <= Math.Max(1, text.Length / 3))
        .OrderBy(k => k.Distance).ThenBy(k => k.Word, StringComparer.Ordinal)
        .Select(k => k.Word).FirstOrDefault();

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string one, string other)
    {
        var before = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var row = new int[other.Length + 1];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], before[j]) + 1, before[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
            }

            before = row;
        }

        return before[^1];
    }
}
