using System.CommandLine;
using System.Reflection;
using Kedge.CommandLine.Help;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;

namespace Kedge.CommandLine;

/// <summary>From arguments to an exit code: the door of the command line.</summary>
public static class CommandEntry
{
    /// <summary>The program's version, as the build says it.</summary>
    public static string Version { get; } =
        typeof(CommandEntry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Parses, dispatches, and tells the person what went wrong. Never throws.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandHost host, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(host);

        // The question that scripts ask most costs no parser.
        if (arguments is ["--version"])
        {
            host.Output.WriteLine(Version);
            return ExitCodes.Fine;
        }

        if (Completion.IsAsked(arguments))
        {
            return Completion.Answer(host, arguments);
        }

        var globals = new GlobalOptions();
        var root = CommandTree.Build(host, globals, arguments);
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var terminal = new Terminal(host, parsed.GetValue(globals.Json), host.Colour && !parsed.GetValue(globals.NoColor));
        if (parsed.Action is not VerbHelp && (parsed.Errors.Count > 0 || UsageErrors.Unknown(parsed) is not null))
        {
            var (what, fix) = UsageErrors.Of(parsed, arguments);
            terminal.Fail(ExitCodes.Usage, what, fix, VerbManners.Of(parsed.CommandResult.Command));
            return ExitCodes.Usage;
        }

        return await InvokeAsync(parsed, terminal, host, cancellation);
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, Terminal terminal, CommandHost host, CancellationToken cancellation)
    {
        var settings = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = host.Output,
            Error = host.Error,
        };
        try
        {
            return await parsed.InvokeAsync(settings, cancellation);
        }
        catch (Exception failure)
        {
            var (code, what, fix) = Describe(failure, cancellation);
            terminal.Fail(code, what, fix, VerbManners.Of(parsed.CommandResult.Command));
            if (host.Environment("KEDGE_TRACE") is { Length: > 0 })
            {
                host.Error.WriteLine(failure);
            }

            return code;
        }
    }

    private static (int Code, string What, string? Fix) Describe(Exception failure, CancellationToken cancellation) => failure switch
    {
        VerbException e => (e.ExitCode, e.Message, e.Fix),
        OperationCanceledException when cancellation.IsCancellationRequested => (ExitCodes.Interrupted, "interrupted", null),
        _ when KnownFailure.Of(failure) is { } known => (ExitCodes.Failed, known.What, known.Hint),
        _ => (ExitCodes.Failed, $"a defect of Kedge ({failure.GetType().Name}); nothing was decided by it", "set KEDGE_TRACE=1, give the command again, and report what it prints"),
    };
}
