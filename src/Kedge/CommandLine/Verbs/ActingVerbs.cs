using System.CommandLine;
using Kedge.CommandLine.Moves;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge failover</c>, <c>switchover</c>, <c>failback</c>, <c>reprotect</c>: show what would be done, ask, begin, watch to the end.</summary>
internal static class ActingVerbs
{
    public static Verb Build(CommandHost host, GlobalOptions globals, MoveForm form)
    {
        var options = new ActOptions(host, form is FailoverForm);
        var verb = new Verb(form.Name, form.Summary)
        {
            Group = "Move",
            More =
            [
                .. form.More,
                "It shows the recovery plan, asks, begins the run and shows it to its end. Where a node leads, it carries the run out, and Ctrl-C only stops the showing; where none does, this command carries it out itself.",
            ],
            Examples =
            [
                .. form.Examples.Select(e => new VerbExample($"kedge {form.Name} {e.Arguments}".TrimEnd(), e.Why)),
                new($"kedge {form.Name} {form.Examples[0].Arguments} --dry-run".Replace("  ", " ", StringComparison.Ordinal), "Go through every step without effect; a dry run that finds nothing wrong verifies readiness."),
            ],
            Exits = [ExitCodes.PlanInvalid, ExitCodes.Refused, ExitCodes.NeedsOperator, ExitCodes.NothingToDo, ExitCodes.Overtaken, ExitCodes.Interrupted],
        };
        form.AddTo(verb);
        options.AddTo(verb);
        return verb.Does(host, globals, (call, cancellation) =>
            call.WithPlane(create: true, (plane, token) => new RunStart(call, plane, form, options).RunAsync(token), cancellation));
    }
}

/// <summary>Options of the verbs that begin a run.</summary>
internal sealed class ActOptions(CommandHost host, bool losesData)
{
    public Option<bool> Yes { get; } = new("--yes", "-y")
    {
        Description = losesData
            ? "Do not ask. A loss that is unknown or beyond the RPO must be accepted by name all the same."
            : "Do not ask.",
    };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Go through every step without effect." };

    public Option<bool> NoPreflight { get; } = new("--no-preflight") { Description = "Do not ask beforehand what would fail." };

    public Option<string[]> Accept { get; } = AcceptedLosses.Option(host);

    public void AddTo(Command command)
    {
        command.Options.Add(DryRun);
        command.Options.Add(Yes);
        command.Options.Add(NoPreflight);
        if (losesData)
        {
            command.Options.Add(Accept);
        }
    }

    public IReadOnlySet<Plan.Model.ComponentId> Accepted(Invocation call, Plan.Model.KedgePlan plan) =>
        losesData ? AcceptedLosses.Read(call, Accept, plan) : new HashSet<Plan.Model.ComponentId>();
}
