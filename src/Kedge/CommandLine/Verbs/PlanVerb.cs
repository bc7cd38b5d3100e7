using System.CommandLine;
using System.Text.Json.Nodes;
using Kedge.CommandLine.Moves;
using Kedge.CommandLine.Rendering.Json;
using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Plan;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge plan KIND</c>: what a run would do, how long it would take and what it would lose. Nothing is changed.</summary>
internal static class PlanVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var verb = new Verb("plan", "Compile a recovery plan and show it: steps, predicted time, expected loss, what is not ready.")
        {
            Group = "Look",
            Examples =
            [
                new("kedge plan failover --lost east", "What would be done if site east were lost now?"),
                new("kedge plan failover --lost east --markdown > binder.md", "The same for the binder, with boxes to tick."),
            ],
        };
        foreach (var form in MoveForm.All(host))
        {
            verb.Subcommands.Add(Build(host, globals, form));
        }

        verb.Subcommands.Add(BuildDiff(host, globals));
        verb.Subcommands.Add(BuildAdopt(host, globals));
        return verb;
    }

    private static Verb Build(CommandHost host, GlobalOptions globals, MoveForm form)
    {
        var markdown = new Option<bool>("--markdown") { Description = "As Markdown for a binder: people, steps with boxes to tick, why each stands where it stands." };
        var quick = new Option<bool>("--no-preflight") { Description = "Do not ask what would fail if it ran now." };
        var accept = AcceptedLosses.Option(host);
        var verb = new Verb(form.Name, $"Show what a {form.Name} would do. Nothing is changed.")
        {
            More = form.More,
            Examples = [.. form.Examples.Select(e => new VerbExample($"kedge plan {form.Name} {e.Arguments}".TrimEnd(), e.Why))],
            Exits = [ExitCodes.PlanInvalid, ExitCodes.Refused, ExitCodes.NeedsOperator, ExitCodes.NothingToDo],
        };
        form.AddTo(verb);
        verb.Options.Add(markdown);
        verb.Options.Add(quick);
        if (form is FailoverForm)
        {
            verb.Options.Add(accept);
        }

        return verb.Does(host, globals, (call, cancellation) => call.WithPlane(create: true, (plane, token) => ShowAsync(call, plane, form, markdown, quick, accept, token), cancellation));
    }

    private static async Task<int> ShowAsync(
        Invocation call, ControlPlane plane, MoveForm form, Option<bool> markdown, Option<bool> quick, Option<string[]> accept, CancellationToken cancellation)
    {
        var plan = call.Location.Plan is null && plane.State.Plan is { } inForce ? inForce : call.RequirePlan();
        var accepted = form is FailoverForm ? AcceptedLosses.Read(call, accept, plan) : [];
        var request = form.Read(call, plan, plane.State.Register, plane.State.Runs);
        var (_, briefing) = await BriefingMaker.MakeAsync(plane, plan, request, dryRun: false, !call.Get(quick), accepted, cancellation);
        var code = BriefingMaker.ExitCode(briefing);
        if (call.Get(markdown) && !call.Terminal.Json)
        {
            call.Terminal.Write(BriefingMarkdown.Of(briefing));
            return code;
        }

        call.Terminal.Show(BriefingPage.Of(briefing, call.Terminal.Width));
        call.Terminal.Result(PlanJson.Of(briefing, code));
        return code;
    }

    private static Verb BuildDiff(CommandHost host, GlobalOptions globals) => new Verb("diff", "Show what an edit of the plan changes, by meaning, against the plan in force.")
    {
        Examples = [new("kedge plan diff", "Before it is put in force: comments, order and layout do not count.")],
        Exits = [ExitCodes.PlanInvalid, ExitCodes.NothingToDo],
    }.Does(host, globals, (call, cancellation) => call.WithPlane(create: false, (plane, _) =>
    {
        var plan = call.RequirePlan();
        var inForce = plane.State.Plan ?? throw new VerbException(ExitCodes.NothingToDo, "no plan is in force yet", "put this one in force: kedge plan adopt");
        var changes = PlanDiff.Between(inForce, plan);
        call.Terminal.Show(changes.Count == 0 ? [$"{plan.Name}, version {plan.Version.Short}, is in force as it stands."] : changes.Select(Line));
        call.Terminal.Result(new JsonArray([.. changes.Select(c => new JsonObject { ["path"] = c.Path, ["before"] = c.Before, ["after"] = c.After })]));
        return Task.FromResult(changes.Count == 0 ? ExitCodes.NothingToDo : ExitCodes.Fine);
    }, cancellation));

    private static Styled Line(PlanChange change) => Styled.Of(change.ToString(), change switch
    {
        { Before: null } => Tone.Good,
        { After: null } => Tone.Bad,
        _ => Tone.Warning,
    });

    private static Verb BuildAdopt(CommandHost host, GlobalOptions globals) => new Verb("adopt", "Put the edited plan in force.")
    {
        More = ["Commands that act, and a node that starts, adopt the plan by themselves; a running node goes on with the plan in force until somebody does. Runs that have begun go on with the plan that they began with."],
        Examples = [new("kedge validate && kedge plan adopt", "After an edit, so that the running node goes by it.")],
        Exits = [ExitCodes.PlanInvalid, ExitCodes.NothingToDo],
    }.Does(host, globals, (call, cancellation) => call.WithPlane(create: true, async (plane, token) =>
    {
        var plan = call.RequirePlan();
        if (!await plane.AdoptAsync(plan, token))
        {
            throw new VerbException(ExitCodes.NothingToDo, $"{plan.Name}, version {plan.Version.Short}, is in force already", null);
        }

        call.Terminal.Show([$"{plan.Name}, version {plan.Version.Short}, is in force."]);
        call.Terminal.Result(new JsonObject { ["plan"] = plan.Name, ["planVersion"] = plan.Version.Value });
        return ExitCodes.Fine;
    }, cancellation));
}
