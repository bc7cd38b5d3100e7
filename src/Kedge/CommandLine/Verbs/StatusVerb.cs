using Kedge.CommandLine.Moves;
using Kedge.CommandLine.Rendering.Json;
using Kedge.CommandLine.Rendering.State;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge status</c>: how everything stands.</summary>
internal static class StatusVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals) => new Verb("status", "How everything stands: services, recovery readiness, instances, incidents, runs.")
    {
        Group = "Look",
        More =
        [
            "Recovery says whether a service's recovery was proven (by a run, or by a dry run without findings) and whether that still holds: an edit of the plan, or a change of versions, identities or settings, makes it stale.",
            "Lag is what a failover now would lose, measured against the last known position of the active side; unknown is not zero.",
        ],
        Examples = [new("kedge status", "For people."), new("kedge status --json", "For a script or a monitor.")],
        Exits = [ExitCodes.PlanInvalid],
    }.Does(host, globals, (call, cancellation) => call.WithPlane(create: true, async (plane, token) =>
    {
        var picture = await StatusReader.ReadAsync(call, plane, token);
        call.Terminal.Show(StatusPage.Of(picture, call.Terminal.Width));
        call.Terminal.Result(StatusJson.Of(picture));
        return ExitCodes.Fine;
    }, cancellation));
}
