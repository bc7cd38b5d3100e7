using System.CommandLine;
using System.CommandLine.Invocation;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Help;

/// <summary>Help that teaches: what it does, how it is typed, examples, exit codes.</summary>
internal sealed class VerbHelp(CommandHost host, GlobalOptions globals) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var terminal = new Terminal(host, json: false, host.Colour && !parseResult.GetValue(globals.NoColor));
        terminal.Write(Of(parseResult.CommandResult.Command, UsageErrors.PathOf(parseResult), terminal.Width));
        return ExitCodes.Fine;
    }

    /// <param name="path">How the command is reached, from <c>kedge</c> on.</param>
    public static Page Of(Command command, string path, int width)
    {
        var page = new Page(Math.Min(width, 100));
        page.Paragraph(command.Description ?? "");
        foreach (var paragraph in (command as Verb)?.More ?? [])
        {
            page.Gap().Paragraph(paragraph);
        }

        page.Heading("Usage").Add(Styled.Accent($"  {VerbUsage.Of(command, path)}"));
        Verbs(page, command);
        Arguments(page, command);
        Options(page, command.Options.Where(o => !o.Recursive && !o.Hidden), "Options");
        Options(page, command.Options.Where(o => o.Recursive && !o.Hidden), command is RootCommand ? "Options of every verb" : $"Options of every verb of {path}");

        if (command is Verb verb)
        {
            Examples(page, verb);
            Exits(page, VerbManners.Of(verb), verb.Exits);
            Elsewhere(page, verb, path);
        }
        else
        {
            Exits(page, VerbManners.General, [.. ExitCodes.All.Select(c => c.Code)]);
            page.Gap().Paragraph(Styled.Quiet("The verbs of kedge vault have restic's exit codes: kedge vault --help"));
        }

        return page;
    }

    private static void Verbs(Page page, Command command)
    {
        foreach (var group in command.Subcommands.Where(c => !c.Hidden).GroupBy(c => (c as Verb)?.Group ?? "Verbs"))
        {
            page.Heading(group.Key);
            var table = new Table([new(""), new("", Flexible: true)], indent: 2);
            foreach (var verb in group)
            {
                table.Add([Styled.Accent(verb.Name), verb.Description ?? ""]);
            }

            page.Table(table);
        }
    }

    private static void Arguments(Page page, Command command)
    {
        if (command.Arguments.Count == 0)
        {
            return;
        }

        page.Heading("Arguments");
        var table = new Table([new(""), new("", Flexible: true)], indent: 2);
        foreach (var argument in command.Arguments)
        {
            table.Add([Styled.Accent(argument.Name), argument.Description ?? ""]);
        }

        page.Table(table);
    }

    private static void Options(Page page, IEnumerable<Option> options, string heading)
    {
        var table = new Table([new(""), new("", Flexible: true)], indent: 2);
        foreach (var option in options)
        {
            var required = option.Required ? Styled.Of(" Required.") : Styled.Empty;
            table.Add([Styled.Accent(VerbUsage.Of(option)), Styled.Of(option.Description ?? "") + required]);
        }

        if (table.Count > 0)
        {
            page.Heading(heading).Table(table);
        }
    }

    private static void Examples(Page page, Verb verb)
    {
        if (verb.Examples.Count == 0)
        {
            return;
        }

        page.Heading("Examples");
        foreach (var example in verb.Examples)
        {
            page.Paragraph(Styled.Accent(example.Line), 2);
            page.Paragraph(Styled.Quiet(example.Why), 6);
        }
    }

    /// <summary>Which options it takes that stand in another page of help.</summary>
    private static void Elsewhere(Page page, Verb verb, string path)
    {
        var above = verb.Parents.OfType<Verb>().FirstOrDefault(p => p.Options.Any(o => o.Recursive));
        if (above is not null)
        {
            var shared = above.Options.Where(o => o is { Recursive: true, Hidden: false }).Select(o => o.Name).ToList();
            var upwards = path[..path.LastIndexOf(' ')];
            page.Gap().Paragraph(Styled.Quiet($"{string.Join(", ", shared)} go with every verb of {upwards}: {upwards} --help"));
        }

        page.Gap().Paragraph(Styled.Quiet("--plan, --state, --as, --json and --no-color go with every verb: kedge --help"));
    }

    private static void Exits(Page page, VerbManners manners, IReadOnlyList<int> codes)
    {
        var table = new Table([new("", Right: true), new("", Flexible: true)], indent: 2);
        foreach (var code in codes.Concat([ExitCodes.Fine, ExitCodes.Failed, ExitCodes.Usage]).Distinct().Order())
        {
            table.Add([$"{code}", manners.Meaning(code)]);
        }

        page.Heading("Exit codes").Table(table);
    }
}
