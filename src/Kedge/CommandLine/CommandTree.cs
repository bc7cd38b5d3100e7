using System.CommandLine;
using System.CommandLine.Help;
using Kedge.CommandLine.Help;
using Kedge.CommandLine.Moves;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults;
using Kedge.CommandLine.Verbs;

namespace Kedge.CommandLine;

/// <summary>All verbs. One file a verb, one line here.</summary>
internal static class CommandTree
{
    private static IReadOnlyList<(string Name, Func<CommandHost, GlobalOptions, Verb> Build)> Verbs(IReadOnlyList<string> arguments) =>
    [
        ("init", InitVerb.Build),
        ("validate", ValidateVerb.Build),
        ("schema", SchemaVerb.Build),
        ("graph", GraphVerb.Build),
        ("status", StatusVerb.Build),
        ("plan", PlanVerb.Build),
        ("switchover", (host, globals) => ActingVerbs.Build(host, globals, new SwitchoverForm(host))),
        ("failover", (host, globals) => ActingVerbs.Build(host, globals, new FailoverForm(host))),
        ("failback", (host, globals) => ActingVerbs.Build(host, globals, new FailbackForm(host))),
        ("reprotect", (host, globals) => ActingVerbs.Build(host, globals, new ReprotectForm(host))),
        ("run", RunVerb.Build),
        ("node", NodeVerb.Build),
        (MayStartVerb.Name, MayStartVerb.Build),
        ("journal", JournalVerb.Build),
        ("vault", (host, globals) => VaultVerb.Build(host, globals, arguments)),
        ("demo", DemoVerb.Build),
        ("completion", CompletionVerb.Build),
    ];

    /// <param name="arguments">Where the first names a verb, only that one is built: a command should start fast.</param>
    public static RootCommand Build(CommandHost host, GlobalOptions globals, IReadOnlyList<string> arguments)
    {
        var root = new RootCommand("Kedge keeps a second place ready, and hauls the business over when the first is lost.");
        foreach (var option in globals.All)
        {
            root.Options.Add(option);
        }

        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new VerbHelp(host, globals);
        }

        root.SetAction(parsed =>
        {
            new VerbHelp(host, globals).Invoke(parsed);
            return ExitCodes.Usage;
        });
        var all = Verbs(arguments);
        var named = all.Where(v => arguments.Count > 0 && v.Name == arguments[0]).ToList();
        foreach (var (_, build) in named.Count > 0 ? named : all)
        {
            root.Subcommands.Add(build(host, globals));
        }

        return root;
    }
}
