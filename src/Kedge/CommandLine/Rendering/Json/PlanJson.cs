using System.Text.Json;
using System.Text.Json.Nodes;
using Kedge.CommandLine.Rendering.Plans;
using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Kedge.Plan;

namespace Kedge.CommandLine.Rendering.Json;

/// <summary>Recovery plans, and what is wrong with plans, as JSON.</summary>
internal static class PlanJson
{
    /// <summary>A briefing; the recovery plan in it has the form that the journal keeps.</summary>
    public static JsonObject Of(Briefing briefing, int exitCode) => new()
    {
        ["plan"] = briefing.Plan.Name,
        ["planVersion"] = briefing.Plan.Version.Value,
        ["stale"] = new JsonArray([.. briefing.Stale.Select(s => (JsonNode)s)]),
        ["predictedRto"] = RunJson.Seconds(briefing.Prediction.Time),
        ["criticalPath"] = new JsonArray([.. briefing.Prediction.CriticalPath.Select(s => (JsonNode)s)]),
        ["basis"] = briefing.Prediction.Basis,
        ["expectedLoss"] = new JsonArray([.. briefing.ExpectedLoss.Select(l => Loss(l, briefing.Accepted.Contains(l.Component)))]),
        ["approvalsNeeded"] = briefing.Approval.Needed,
        ["approvers"] = new JsonArray([.. briefing.Approval.Approvers.Select(a => (JsonNode)a)]),
        ["preflight"] = briefing.Preflight is null ? null : new JsonArray([.. briefing.Preflight.Select(f => new JsonObject
        {
            ["step"] = f.Step, ["ok"] = f.Finding.Ok, ["what"] = f.Finding.What, ["fix"] = f.Finding.Fix,
        })]),
        ["stranded"] = new JsonArray([.. briefing.Stranded.Select(s => (JsonNode)s.Value)]),
        ["exitCode"] = exitCode,
        ["recoveryPlan"] = JsonSerializer.SerializeToNode(briefing.Recovery, JournalJson.Default.RecoveryPlan),
    };

    public static JsonArray Moves(RecoveryPlan plan) =>
        new([.. plan.Moves.Select(m => new JsonObject { ["service"] = m.Service.Value, ["from"] = m.From.Value, ["to"] = m.To.Value })]);

    public static JsonObject Loss(ExpectedLoss loss, bool accepted) => new()
    {
        ["component"] = loss.Component.ToString(),
        ["known"] = loss.Known,
        ["time"] = RunJson.Seconds(loss.Time),
        ["bytes"] = loss.Bytes,
        ["refused"] = loss.Refused,
        ["accepted"] = accepted,
        ["basis"] = loss.Basis,
    };

    public static JsonObject Of(PlanReading reading) => new()
    {
        ["plan"] = reading.Plan?.Name,
        ["version"] = reading.Plan?.Version.Value,
        ["errors"] = reading.Problems.Count(p => p.IsError),
        ["warnings"] = reading.Problems.Count(p => !p.IsError),
        ["problems"] = new JsonArray([.. reading.Problems.Select(p => Of(p, null))]),
        ["accepted"] = new JsonArray([.. reading.Accepted.Select(a => Of(a.Problem, a.Because))]),
    };

    private static JsonObject Of(PlanProblem problem, string? because)
    {
        var json = new JsonObject
        {
            ["code"] = problem.Code,
            ["severity"] = RunJson.Name(problem.Severity),
            ["file"] = problem.File,
            ["line"] = problem.Line,
            ["column"] = problem.Column,
            ["path"] = problem.Path,
            ["what"] = problem.What,
            ["fix"] = problem.Fix,
        };
        if (because is not null)
        {
            json["because"] = because;
        }

        return json;
    }
}
