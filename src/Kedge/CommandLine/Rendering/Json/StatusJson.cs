using System.Text.Json.Nodes;
using Kedge.CommandLine.Rendering.State;
using Kedge.Plan.Model;

namespace Kedge.CommandLine.Rendering.Json;

/// <summary>The status as JSON.</summary>
internal static class StatusJson
{
    public static JsonObject Of(StatusPicture picture) => new()
    {
        ["plan"] = picture.Plan.Name,
        ["planVersion"] = picture.Plan.Version.Value,
        ["notices"] = new JsonArray([.. picture.Notices.Select(n => (JsonNode)n)]),
        ["leader"] = picture.Leader is { } leader
            ? new JsonObject { ["name"] = leader.Name, ["process"] = leader.Process, ["dead"] = picture.LeaderIsDead }
            : null,
        ["services"] = new JsonArray([.. picture.Services.Select(Of)]),
        ["instances"] = new JsonArray([.. picture.World.Instances.OrderBy(i => i.Key).Select(i => new JsonObject
        {
            ["instance"] = i.Key.ToString(),
            ["state"] = RunJson.Name(i.Value.State),
            ["role"] = RunJson.Name(i.Value.Role),
            ["reachable"] = i.Value.Reachable,
            ["summary"] = i.Value.Summary,
        })]),
        ["incidents"] = new JsonArray([.. picture.Incidents.Select(i => new JsonObject
        {
            ["incident"] = i.Id.Value,
            ["scenario"] = RunJson.Name(i.Scenario),
            ["site"] = i.Opened.Site.Value,
            ["services"] = Names(i.Services),
            ["outage"] = RunJson.At(i.Opened.Outage),
            ["because"] = i.Because,
            ["escalated"] = i.EscalatedAt is not null,
        })]),
        ["runs"] = new JsonArray([.. picture.Runs.Select(RunJson.Summary)]),
        ["at"] = RunJson.At(picture.Now),
    };

    private static JsonObject Of(ServiceStatus service) => new()
    {
        ["service"] = service.Service.Name.Value,
        ["active"] = service.Active.Value,
        ["primary"] = service.Service.Primary.Value,
        ["down"] = service.Down is { } down ? new JsonObject { ["since"] = RunJson.At(down.Since), ["what"] = down.Evidence[^1].What } : null,
        ["movedBy"] = service.MovedBy?.Value,
        ["rto"] = RunJson.Seconds(service.Service.Objectives.Rto),
        ["predictedRto"] = RunJson.Seconds(service.Failover?.Time),
        ["rpo"] = RunJson.Seconds(service.Service.Objectives.Rpo),
        ["lag"] = new JsonArray([.. service.Lag.Select(l => PlanJson.Loss(l, accepted: false))]),
        ["recovery"] = RunJson.Name(service.Readiness.Kind),
        ["verifiedAt"] = RunJson.At(service.Readiness.VerifiedAt),
        ["because"] = new JsonArray([.. service.Readiness.Because.Select(b => (JsonNode)b)]),
    };

    private static JsonArray Names(IEnumerable<ServiceName> services) => new([.. services.Select(s => (JsonNode)s.Value)]);
}
