using Kedge.CommandLine.Rendering.Json;
using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge validate</c>: everything that is wrong with the plan, at once.</summary>
internal static class ValidateVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals) => new Verb("validate", "Check the plan: every error and warning at once, each with its place and its remedy.")
    {
        Group = "The plan",
        Examples =
        [
            new("kedge validate", "The plan here, or in a folder above."),
            new("kedge validate --plan plans/ --json", "A plan of several files, for a script or an editor."),
        ],
        Exits = [ExitCodes.PlanInvalid],
    }.Does(host, globals, (call, _) =>
    {
        var reading = call.ReadPlan() ?? throw Invocation.NoPlan();
        call.Terminal.Show(ProblemPage.Of(reading, call.Terminal.Width));
        call.Terminal.Result(PlanJson.Of(reading));
        return Task.FromResult(reading.Plan is null ? ExitCodes.PlanInvalid : ExitCodes.Fine);
    });
}
