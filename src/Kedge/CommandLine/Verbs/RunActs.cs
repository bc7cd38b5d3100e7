using System.CommandLine;
using System.Text.Json.Nodes;
using Kedge.CommandLine.Moves;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Verbs;

/// <summary>What a person may do to a run: approve, decline, confirm, retry, skip, abort, resume, commit, roll back.</summary>
internal static class RunActs
{
    public static IEnumerable<Verb> Build(CommandHost host, GlobalOptions globals)
    {
        yield return Resume(host, globals);
        yield return Approve(host, globals);
        yield return Decline(host, globals);
        yield return Confirm(host, globals);
        yield return Retry(host, globals);
        yield return Skip(host, globals);
        yield return Abort(host, globals);
        yield return RunEnds.Commit(host, globals);
        yield return RunEnds.Rollback(host, globals);
    }

    /// <summary>Tells the answer, and lets the run take its course.</summary>
    public static async Task<int> TellAsync(Invocation call, ControlPlane plane, RunState before, Answer answer, bool watch, CancellationToken cancellation)
    {
        if (!answer.Ok)
        {
            throw new VerbException(ExitCodes.Refused, answer.Text, $"see how it stands: kedge run show {before.Id}");
        }

        call.Terminal.Say(Styled.Good("✓ ") + answer.Text);
        var code = await new RunCarrier(call, plane).GoOnAsync(before.Id, watch, cancellation);
        if (plane.State.Runs.Find(before.Id) is not { Live: true } || !watch)
        {
            call.Terminal.Result(new JsonObject { ["run"] = before.Id.Value, ["done"] = answer.Text, ["status"] = Rendering.Json.RunJson.Name(before.Status) });
        }

        return code;
    }

    private static Verb Resume(CommandHost host, GlobalOptions globals) => Act(
        host, globals, "resume", "Bring a run on that stands still: failed steps are tried again; without a node, this command carries it out.",
        [new("kedge run resume run-3", "Go on after an interruption, or when what had failed is mended.")],
        [],
        (_, plane, run, token) => run.Status is RunStatus.Paused
            ? plane.Operator.ResumeAsync(run.Id, token)
            : Task.FromResult(run.Live ? Answer.Yes($"{run.Id} goes on", run.Id) : Answer.No($"{run.Id} is over")),
        watch: true);

    private static Verb Approve(CommandHost host, GlobalOptions globals)
    {
        var accept = AcceptedLosses.Option(host);
        var comment = Comment();
        return Act(
            host, globals, "approve", "Agree to a run that waits for approval.",
            [
                new("kedge run approve run-3", "Agree; it begins once enough people have."),
                new("kedge run approve run-3 --accept-loss orders/database", "Agree, and accept by name a loss that is unknown or beyond the RPO."),
                new("kedge run approve run-3 --as \"Operations manager\"", "Say who you are, where the login does not."),
            ],
            [accept, comment],
            (call, plane, run, token) => plane.Operator.ApproveAsync(run.Id, [.. AcceptedLosses.Read(call, accept, plane.State.Plans.Get(run.Planned.PlanVersion))], call.Get(comment), token));
    }

    private static Verb Decline(CommandHost host, GlobalOptions globals)
    {
        var comment = Comment();
        return Act(
            host, globals, "decline", "Refuse a run that waits for approval; it ends.",
            [new("kedge run decline run-3 --comment \"the site is back\"", "Refuse, and say why.")],
            [comment],
            (call, plane, run, token) => plane.Operator.DeclineAsync(run.Id, call.Get(comment), token));
    }

    private static Verb Confirm(CommandHost host, GlobalOptions globals)
    {
        var step = Step();
        var note = new Option<string>("--note") { Description = "In your own words: what you did, or how you made sure.", HelpName = "TEXT", Required = true };
        return Act(
            host, globals, "confirm", "Confirm that a step which waits for a person was done, or attest that an old copy is dead.",
            [
                new("kedge run confirm run-3 4 --note \"called the warehouse, spoke to the shift leader\"", "Step 4 asked for it."),
                new("kedge run confirm run-3 1 --note \"power of rack 7 is off, seen by myself\"", "Attest what fencing could not see. This is your word that nothing can be written there."),
            ],
            [note],
            (call, plane, run, token) => plane.Operator.ConfirmAsync(run.Id, call.Get(step)!, call.Get(note)!, token),
            step);
    }

    private static Verb Retry(CommandHost host, GlobalOptions globals)
    {
        var step = new Argument<string?>("STEP") { Description = "The step's number or name; all that have failed by default.", Arity = ArgumentArity.ZeroOrOne };
        return Act(
            host, globals, "retry", "Try failed steps again.",
            [new("kedge run retry run-3 4", "What made step 4 fail is mended.")],
            [],
            (call, plane, run, token) => plane.Operator.RetryAsync(run.Id, call.Get(step), token),
            step);
    }

    private static Verb Skip(CommandHost host, GlobalOptions globals)
    {
        var step = Step();
        var reason = Reason();
        return Act(
            host, globals, "skip", "Let a run go on without a step. Fencing cannot be skipped, only attested.",
            [new("kedge run skip run-3 6 --reason \"cache is not needed tonight\"", "Go on without step 6.")],
            [reason],
            (call, plane, run, token) => plane.Operator.SkipAsync(run.Id, call.Get(step)!, call.Get(reason)!, token),
            step);
    }

    private static Verb Abort(CommandHost host, GlobalOptions globals)
    {
        var reason = Reason();
        return Act(
            host, globals, "abort", "End a run before its end. What it had done stays done.",
            [new("kedge run abort run-3 --reason \"wrong site\"", "End it, and say why.")],
            [reason],
            (call, plane, run, token) => plane.Operator.AbortAsync(run.Id, call.Get(reason)!, token));
    }

    private static Verb Act(
        CommandHost host,
        GlobalOptions globals,
        string name,
        string description,
        IReadOnlyList<VerbExample> examples,
        IReadOnlyList<Option> options,
        Func<Invocation, ControlPlane, RunState, CancellationToken, Task<Answer>> act,
        Argument? step = null,
        bool watch = false)
    {
        var run = RunVerb.Argument(host, required: step is { Arity.MinimumNumberOfValues: > 0 });
        var watching = new Option<bool>("--watch") { Description = "Watch the run afterwards, although a node carries it out." };
        var verb = new Verb(name, description)
        {
            Examples = examples,
            Exits = [ExitCodes.Refused, ExitCodes.NeedsOperator, ExitCodes.NothingToDo, ExitCodes.Overtaken, ExitCodes.Interrupted],
        };
        verb.Arguments.Add(run);
        if (step is not null)
        {
            verb.Arguments.Add(step);
        }

        foreach (var option in options)
        {
            verb.Options.Add(option);
        }

        verb.Options.Add(watching);
        return verb.Does(host, globals, (call, cancellation) => call.WithPlane(create: false, async (plane, token) =>
        {
            var found = RunVerb.Find(plane, call.Get(run));
            var (status, head) = (found.Status, plane.Session.Head);
            var answer = await act(call, plane, found, token);
            return answer.TooLate || (!answer.Ok && found.Status != status && plane.Session.Head != head)
                ? throw new VerbException(ExitCodes.Overtaken, $"somebody was faster: {answer.Text}", $"see how it stands: kedge run show {found.Id}")
                : await TellAsync(call, plane, found, answer, watch || call.Get(watching), token);
        }, cancellation));
    }

    private static Argument<string> Step() => new("STEP") { Description = "The step's number in the table, or its name." };

    private static Option<string?> Comment() => new("--comment") { Description = "Why, for whoever reads it later.", HelpName = "TEXT" };

    private static Option<string> Reason() => new("--reason") { Description = "Why, for whoever reads it later.", HelpName = "TEXT", Required = true };
}
