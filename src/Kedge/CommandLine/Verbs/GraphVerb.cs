using System.CommandLine;
using Kedge.CommandLine.Moves;
using Kedge.CommandLine.Rendering.Drawings;
using Kedge.CommandLine.Terminals;
using Kedge.Journal.Folding;
using Kedge.Nodes;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge graph</c>: the plan's topology, or a compiled recovery plan, as a drawing.</summary>
internal static class GraphVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var verb = new Verb("graph", "Draw the plan's topology, or a compiled recovery plan, as Mermaid, DOT or SVG.")
        {
            Group = "The plan",
            More = ["Needs no state: without one it assumes that every service is active at its primary site, and takes the drivers' estimates of time."],
            Examples =
            [
                new("kedge graph topology --format svg --output plan.svg", "Who needs whom, and what stands by where."),
                new("kedge graph failover --lost east", "The failover's steps in Mermaid, for a wiki."),
                new("kedge graph switchover orders --format dot | dot -Tpdf > orders.pdf", "Through Graphviz."),
            ],
        };
        verb.Subcommands.Add(Topology(host, globals));
        foreach (var form in MoveForm.All(host))
        {
            verb.Subcommands.Add(Recovery(host, globals, form));
        }

        return verb;
    }

    private static Verb Topology(CommandHost host, GlobalOptions globals)
    {
        var output = new DrawingOptions();
        var verb = new Verb("topology", "Draw services, components and sites: who needs whom, what stands by for what.")
        {
            Examples = [new("kedge graph topology --format svg -o plan.svg", "For a page or a slide.")],
            Exits = [ExitCodes.PlanInvalid],
        };
        output.AddTo(verb);
        return verb.Does(host, globals, (call, cancellation) =>
        {
            var plan = call.RequirePlan();
            return Task.FromResult(WithState(call, (register, _, _) => output.Write(call, TopologyDrawing.Of(plan, register.ActiveSite, DataDrivers())), cancellation));
        });
    }

    private static Verb Recovery(CommandHost host, GlobalOptions globals, MoveForm form)
    {
        var output = new DrawingOptions();
        var verb = new Verb(form.Name, $"Draw the steps of a {form.Name}.")
        {
            Examples = [.. form.Examples.Select(e => new VerbExample($"kedge graph {form.Name} {e.Arguments}".TrimEnd(), e.Why))],
            Exits = [ExitCodes.PlanInvalid, ExitCodes.Refused, ExitCodes.NothingToDo],
        };
        form.AddTo(verb);
        output.AddTo(verb);
        return verb.Does(host, globals, (call, cancellation) =>
        {
            var plan = call.RequirePlan();
            return Task.FromResult(WithState(call, (register, runs, estimates) =>
            {
                var request = form.Read(call, plan, register, runs);
                var recovery = new PlanCompiler(ControlPlane.Contracts).Compile(plan, request.Compile, new ObservedState { Estimates = estimates });
                return output.Write(call, RecoveryDrawing.Of(plan, recovery, Prediction.Of(recovery)));
            }, cancellation));
        });
    }

    private static HashSet<string> DataDrivers() => [.. ControlPlane.Contracts.Where(c => c.HoldsData).Select(c => c.Kind)];

    /// <summary>With what the journal knows, where there is one.</summary>
    private static int WithState(Invocation call, Func<Register, RunBook, StepTimes, int> draw, CancellationToken cancellation)
    {
        var (register, runs, times) = (new Register(), new RunBook(), new StepTimes());
        if (File.Exists(Path.Combine(call.Location.State, "kedge.db")))
        {
            NodeContext.Run(async () =>
            {
                await using var journal = await StoredJournal.OpenAsync(call.Location.State, call.Host.Time, cancellation);
                return await journal.ReadAsync(
                    entry =>
                    {
                        register.Apply(entry);
                        runs.Apply(entry);
                        times.Apply(entry);
                    },
                    cancellation);
            });
        }

        return draw(register, runs, times);
    }
}

/// <summary>In which language a drawing is written, and where to.</summary>
internal sealed class DrawingOptions
{
    private readonly Option<string> format = new("--format")
    {
        Description = "mermaid, dot or svg.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "mermaid",
    };

    private readonly Option<string?> output = new("--output", "-o") { Description = "Write to this file instead of standard output.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        format.AcceptOnlyFromAmong("mermaid", "dot", "svg");
        command.Options.Add(format);
        command.Options.Add(output);
    }

    public int Write(Invocation call, Drawing drawing)
    {
        var text = call.Get(format) switch
        {
            "svg" => SvgText.Of(drawing),
            "dot" => DotText.Of(drawing),
            _ => MermaidText.Of(drawing),
        };
        if (call.Terminal.Json)
        {
            call.Terminal.Result(new System.Text.Json.Nodes.JsonObject { ["format"] = call.Get(format), ["drawing"] = text });
        }
        else if (call.Get(output) is { } file)
        {
            try
            {
                File.WriteAllText(Path.GetFullPath(file, call.Host.Folder), text);
            }
            catch (IOException)
            {
                throw new VerbException(ExitCodes.Failed, $"{file} cannot be written", "name a file in a folder that exists");
            }
        }
        else
        {
            call.Terminal.Write(text);
        }

        return ExitCodes.Fine;
    }
}
