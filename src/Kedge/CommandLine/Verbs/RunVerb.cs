using System.CommandLine;
using Kedge.CommandLine.Help;
using Kedge.CommandLine.Moves;
using Kedge.CommandLine.Rendering.Json;
using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge run</c>: looking at runs. What may be done to them is in <see cref="RunActs"/>.</summary>
internal static class RunVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var verb = new Verb("run", "Look at runs, decide on them, bring them on.")
        {
            Group = "Runs",
            Examples =
            [
                new("kedge run list", "What was run, and what waits for somebody."),
                new("kedge run show run-3", "Steps, failures, and what can be done next."),
                new("kedge run approve run-3", "Agree to a failover that waits for it."),
            ],
        };
        verb.Subcommands.Add(List(host, globals));
        verb.Subcommands.Add(Show(host, globals));
        verb.Subcommands.Add(Watch(host, globals));
        foreach (var act in RunActs.Build(host, globals))
        {
            verb.Subcommands.Add(act);
        }

        return verb;
    }

    /// <summary>The run that an argument names; the newest where none is named.</summary>
    public static Argument<string?> Argument(CommandHost host, bool required = false)
    {
        var argument = new Argument<string?>("RUN")
        {
            Description = "The run's name (run-3) or number (3)" + (required ? "." : "; the newest by default."),
            Arity = required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        argument.CompletionSources.Add(_ => new Suggestions(host).Runs());
        return argument;
    }

    public static RunState Find(ControlPlane plane, string? name)
    {
        var runs = plane.State.Runs;
        if (runs.Runs.Count == 0)
        {
            throw new VerbException(ExitCodes.NothingToDo, "there is no run yet", "begin one: kedge failover, kedge switchover");
        }

        if (name is null)
        {
            return runs.Runs[^1];
        }

        return runs.Find(new(name)) ?? runs.Find(new($"run-{name}"))
            ?? throw VerbException.Usage($"there is no run '{name}'", "see them all: kedge run list");
    }

    private static Verb List(CommandHost host, GlobalOptions globals)
    {
        var all = new Option<bool>("--all") { Description = "Every run, not only the newest twenty." };
        var verb = new Verb("list", "List runs, the newest first.")
        {
            Examples = [new("kedge run list --json", "For a script.")],
            Exits = [ExitCodes.NothingToDo],
        };
        verb.Options.Add(all);
        return verb.Does(host, globals, (call, cancellation) => call.WithPlane(create: false, (plane, _) =>
        {
            var runs = plane.State.Runs.Runs.Reverse().Take(call.Get(all) ? int.MaxValue : 20).ToList();
            var table = new Table([new("Run"), new("What", Flexible: true, Narrowest: 20), new("By", Flexible: true, Narrowest: 6), new($"Planned ({Figures.Zone(call.Now, call.Zone)})"), new("Status", Flexible: true, Narrowest: 12)]);
            foreach (var run in runs)
            {
                var what = (run.Planned.DryRun ? "dry run of a " : "") + RecoveryPlanTable.Title(run.Plan);
                table.Add([Styled.Strong(run.Id.Value), what, run.Planned.RequestedBy, Figures.At(run.PlannedAt, call.Zone), Words.Of(run.Status)]);
            }

            call.Terminal.Show(runs.Count == 0 ? new Page(call.Terminal.Width).Add("No run yet.") : new Page(call.Terminal.Width).Table(table));
            call.Terminal.Result(new System.Text.Json.Nodes.JsonArray([.. runs.Select(RunJson.Summary)]));
            return Task.FromResult(ExitCodes.Fine);
        }, cancellation));
    }

    private static Verb Show(CommandHost host, GlobalOptions globals)
    {
        var run = Argument(host);
        var verb = new Verb("show", "Show a run: steps with status and times, failures with hints, what can be done; its report once it has ended.")
        {
            Examples = [new("kedge run show", "The newest run."), new("kedge run show run-3 --json", "All there is to know, for a script.")],
            Exits = [ExitCodes.NothingToDo],
        };
        verb.Arguments.Add(run);
        return verb.Does(host, globals, (call, cancellation) => call.WithPlane(create: false, (plane, _) =>
        {
            new RunWatcher(plane, call.Terminal, hosted: false).Show(Find(plane, call.Get(run)));
            return Task.FromResult(ExitCodes.Fine);
        }, cancellation));
    }

    private static Verb Watch(CommandHost host, GlobalOptions globals)
    {
        var run = Argument(host);
        var verb = new Verb("watch", "Watch a run to its end: drawn in place on a terminal, lines in a log, JSON lines with --json.")
        {
            Examples = [new("kedge run watch", "The newest run."), new("kedge run watch run-3 | tee run-3.log", "Lines, as in a log.")],
            Exits = [ExitCodes.NeedsOperator, ExitCodes.NothingToDo, ExitCodes.Interrupted],
        };
        verb.Arguments.Add(run);
        return verb.Does(host, globals, (call, cancellation) => call.WithPlane(
            create: false, (plane, token) => new RunCarrier(call, plane).WatchAsync(Find(plane, call.Get(run)).Id, token), cancellation));
    }
}
