using System.CommandLine;

namespace Kedge.CommandLine.Help;

/// <summary>How a command is typed, in one line.</summary>
internal static class VerbUsage
{
    public static string Of(Command command, string path)
    {
        var parts = new List<string> { path };
        if (command.Subcommands.Any(c => !c.Hidden))
        {
            parts.Add(command.Action is null ? "VERB" : "[VERB]");
        }

        parts.AddRange(command.Arguments.Select(Of));
        parts.AddRange(command.Options.Where(o => o.Required).Select(Of));
        if (command.Options.Any(o => o is { Required: false, Recursive: false, Hidden: false }) || command is RootCommand)
        {
            parts.Add("[OPTIONS]");
        }

        return string.Join(' ', parts);
    }

    public static string Of(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => a is ['-', not '-']).Prepend(option.Name));
        return option.ValueType == typeof(bool) || option.HelpName is null ? names : $"{names} {option.HelpName}";
    }

    private static string Of(Argument argument)
    {
        var many = argument.Arity.MaximumNumberOfValues > 1 ? "..." : "";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}{many}]" : $"{argument.Name}{many}";
    }
}
