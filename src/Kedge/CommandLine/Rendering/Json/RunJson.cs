using System.Text.Json.Nodes;
using Kedge.CommandLine.Rendering.Runs;
using Kedge.Decide;
using Kedge.Journal;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Json;

/// <summary>Runs as JSON. Times are UTC in ISO 8601, durations in seconds.</summary>
internal static class RunJson
{
    /// <summary>One line of a list.</summary>
    public static JsonObject Summary(RunState run) => new()
    {
        ["run"] = run.Id.Value,
        ["kind"] = Name(run.Planned.Kind),
        ["dryRun"] = run.Planned.DryRun,
        ["scenario"] = Name(run.Planned.Scenario),
        ["status"] = Name(run.Status),
        ["because"] = run.Because,
        ["requestedBy"] = run.Planned.RequestedBy,
        ["incident"] = run.Planned.Incident?.Value,
        ["moves"] = PlanJson.Moves(run.Plan),
        ["plannedAt"] = At(run.PlannedAt),
        ["startedAt"] = At(run.StartedAt),
        ["servingAt"] = At(run.ServingAt),
        ["completedAt"] = At(run.CompletedAt),
    };

    /// <summary>How far a run has got, without what does not change.</summary>
    public static JsonObject Progress(RunState run, Incident? incident, RunView view)
    {
        var clocks = RunClocks.Of(run, incident);
        return new()
        {
            ["run"] = run.Id.Value,
            ["status"] = Name(run.Status),
            ["because"] = run.Because,
            ["sinceFirstFailure"] = Seconds((run.ServingAt ?? view.Now) - clocks.Outage),
            ["sinceDecision"] = Seconds((run.ServingAt ?? view.Now) - clocks.Decided),
            ["done"] = run.Steps.Count(s => s.Over),
            ["steps"] = run.Plan.Steps.Count,
            ["underWay"] = new JsonArray([.. run.Steps.Where(s => !s.Over && s.Status is not StepStatus.Pending).Select(s => Step(s, view))]),
        };
    }

    /// <summary>All there is.</summary>
    public static JsonObject Of(RunState run, Incident? incident, KedgePlan plan, RunView view, JournalHead head)
    {
        var clocks = RunClocks.Of(run, incident);
        var json = Summary(run);
        json["planVersion"] = run.Planned.PlanVersion.Value;
        json["waitsFor"] = run.Status is RunStatus.AwaitingApproval ? RunDecider.NotYetApproved(run, view.Now) : null;
        json["approvals"] = new JsonArray([.. run.Approvals.Select(a => (JsonNode)a.By)]);
        json["clocks"] = new JsonObject
        {
            ["outage"] = At(clocks.Outage),
            ["detected"] = At(clocks.Detected),
            ["declared"] = At(clocks.Declared),
            ["decided"] = At(clocks.Decided),
            ["serving"] = At(clocks.Serving),
            ["verified"] = At(clocks.Verified),
        };
        json["rta"] = Seconds(clocks.Rta);
        json["services"] = new JsonArray([.. run.Plan.Moves.Select(m => Achieved(run, clocks, plan, m.Service))]);
        json["expectedLoss"] = new JsonArray([.. run.Planned.ExpectedLoss.Select(l => PlanJson.Loss(l, run.Accepted.Contains(l.Component)))]);
        json["steps"] = new JsonArray([.. run.Steps.Select(s => Step(s, view))]);
        json["next"] = new JsonArray([.. NextMoves.Of(run, view.Led).Select(m => new JsonObject { ["command"] = m.Command, ["why"] = m.Why })]);
        json["journal"] = Head(head);
        return json;
    }

    public static JsonObject Head(JournalHead head) => new() { ["position"] = head.Position, ["hash"] = head.Hash };

    /// <summary>Words of an enumeration, as JSON spells them.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => value.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";

    public static JsonValue? Seconds(TimeSpan? time) => time is { } t ? JsonValue.Create(Math.Round((decimal)t.Ticks / TimeSpan.TicksPerSecond, 4)) : null;

    public static string? At(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");

    private static JsonObject Achieved(RunState run, RunClocks clocks, KedgePlan plan, ServiceName name)
    {
        var objectives = plan.FindService(name)?.Objectives;
        return new()
        {
            ["service"] = name.Value,
            ["rto"] = Seconds(objectives?.Rto),
            ["rta"] = Seconds(clocks.RtaOf(run, name)),
            ["rpo"] = Seconds(objectives?.Rpo),
            ["rpa"] = new JsonArray([.. run.Losses.Where(l => l.Key.Service == name).OrderBy(l => l.Key).Select(l => new JsonObject
            {
                ["component"] = l.Key.ToString(),
                ["time"] = Seconds(l.Value.Time),
                ["transactions"] = l.Value.Transactions,
                ["estimate"] = l.Value.Estimate,
                ["basis"] = l.Value.Basis,
            })]),
        };
    }

    private static JsonObject Step(StepState step, RunView view) => new()
    {
        ["step"] = step.Step.Id,
        ["title"] = step.Step.Title,
        ["phase"] = Name(step.Step.Phase),
        ["at"] = step.Step.At.Value,
        ["status"] = Name(step.Status),
        ["attempts"] = step.Attempts,
        ["elapsed"] = Seconds(StepText.Elapsed(step, view.Now)),
        ["inDriver"] = Seconds(step.InDriver),
        ["expected"] = Seconds(step.Step.Estimate),
        ["note"] = step.Note,
        ["failure"] = step.Failure is { } failure
            ? new JsonObject { ["what"] = failure.What, ["hint"] = failure.Hint, ["outcomeUnknown"] = failure.OutcomeUnknown }
            : null,
    };
}
