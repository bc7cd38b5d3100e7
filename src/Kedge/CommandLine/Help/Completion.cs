using System.CommandLine.Parsing;
using System.Globalization;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Help;

/// <summary>
/// Answers the scripts of <c>kedge completion</c>: <c>kedge [suggest:POSITION] "LINE"</c> prints what could stand at the
/// position, a line each. The line's first word is the program, under whatever name it was called.
/// </summary>
internal static class Completion
{
    private const string Directive = "[suggest:";

    public static bool IsAsked(IReadOnlyList<string> arguments) =>
        arguments.Count > 0 && arguments[0].StartsWith(Directive, StringComparison.Ordinal);

    public static int Answer(CommandHost host, IReadOnlyList<string> arguments)
    {
        var line = string.Join(' ', arguments.Skip(1));
        var given = arguments[0][Directive.Length..].TrimEnd(']');
        var position = int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, line.Length) : line.Length;
        var program = line.IndexOf(' ') is var end and >= 0 ? end + 1 : line.Length;
        var root = CommandTree.Build(host, new GlobalOptions(), []);
        var offers = CommandLineParser.Parse(root, line[program..]).GetCompletions(Math.Max(0, position - program));
        foreach (var offer in offers.Select(o => o.InsertText ?? o.Label).Where(o => !o.StartsWith("-?", StringComparison.Ordinal) && !o.StartsWith('/')))
        {
            host.Output.WriteLine(offer);
        }

        return ExitCodes.Fine;
    }
}
