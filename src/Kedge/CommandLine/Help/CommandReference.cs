using System.CommandLine;
using System.Text;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Help;

/// <summary>The reference of all verbs as Markdown: docs/commands.md.</summary>
internal static class CommandReference
{
    public static string Write(CommandHost host)
    {
        var globals = new GlobalOptions();
        var root = CommandTree.Build(host, globals, []);
        var text = new StringBuilder();
        text.Append("# Commands\n\nGenerated from the parser; a test fails when it is out of date.\n\n");
        text.Append("Every verb takes these options:\n\n");
        Options(text, globals.All);
        text.Append("\n## Exit codes\n\n");
        Codes(text, VerbManners.General);
        text.Append("\nThe verbs of `kedge vault` have codes of their own, restic's: see [kedge vault](#kedge-vault).\n");
        text.Append("\nErrors are two lines on standard error: what is wrong, and what to do about it. With `--json` standard output carries `{\"error\": {\"exitCode\", \"what\", \"fix\"}}`.\n");
        foreach (var group in root.Subcommands.Where(c => !c.Hidden).GroupBy(c => ((Verb)c).Group))
        {
            text.Append($"\n## {group.Key}\n");
            foreach (var verb in group)
            {
                Verb(text, (Verb)verb, $"kedge {verb.Name}");
            }
        }

        return text.ToString();
    }

    private static void Verb(StringBuilder text, Verb verb, string path)
    {
        text.Append($"\n### {path}\n\n{Escape(verb.Description ?? "")}\n\n```\n{VerbUsage.Of(verb, path)}\n```\n");
        foreach (var paragraph in verb.More)
        {
            text.Append($"\n{Escape(paragraph)}\n");
        }

        if (verb.Arguments.Count > 0)
        {
            text.Append("\n| argument | |\n| --- | --- |\n");
            foreach (var argument in verb.Arguments)
            {
                text.Append($"| `{argument.Name}` | {Escape(argument.Description ?? "")} |\n");
            }
        }

        var options = verb.Options.Where(o => o is { Recursive: false, Hidden: false }).ToList();
        if (options.Count > 0)
        {
            text.Append('\n');
            Options(text, options);
        }

        var shared = verb.Options.Where(o => o is { Recursive: true, Hidden: false }).ToList();
        if (shared.Count > 0)
        {
            text.Append($"\nEvery verb of `{path}` takes these options:\n\n");
            Options(text, shared);
        }

        if (verb.Manners is { } manners)
        {
            text.Append($"\nExit codes of the verbs of `{path}`:\n\n");
            Codes(text, manners);
        }

        if (verb.Examples.Count > 0)
        {
            text.Append("\n```\n" + string.Join('\n', verb.Examples.Select(e => $"# {e.Why}\n{e.Line}")) + "\n```\n");
        }

        if (verb.Subcommands.Count == 0)
        {
            text.Append($"\nExit codes: {string.Join(", ", verb.Exits.Concat([ExitCodes.Fine, ExitCodes.Failed, ExitCodes.Usage]).Distinct().Order())}.\n");
        }

        foreach (var child in verb.Subcommands.OfType<Verb>().Where(v => !v.Hidden))
        {
            Verb(text, child, $"{path} {child.Name}");
        }
    }

    private static void Codes(StringBuilder text, VerbManners manners)
    {
        text.Append("| code | meaning |\n| ---: | --- |\n");
        foreach (var (code, meaning) in manners.Codes)
        {
            text.Append($"| {code} | {Escape(meaning)} |\n");
        }
    }

    private static void Options(StringBuilder text, IEnumerable<Option> options)
    {
        text.Append("| option | |\n| --- | --- |\n");
        foreach (var option in options)
        {
            text.Append($"| `{VerbUsage.Of(option)}` | {Escape(option.Description ?? "")}{(option.Required ? " Required." : "")} |\n");
        }
    }

    private static string Escape(string text) => text
        .Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
