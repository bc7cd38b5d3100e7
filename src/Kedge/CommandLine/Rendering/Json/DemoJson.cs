using System.Text.Json.Nodes;
using Kedge.Demo;

namespace Kedge.CommandLine.Rendering.Json;

/// <summary>What a demo came to, as JSON. Durations in seconds, counted from the disaster.</summary>
internal static class DemoJson
{
    public static JsonObject Of(DemoOutcome outcome) => new()
    {
        ["kept"] = outcome.Kept,
        ["detected"] = RunJson.Seconds(outcome.Detected),
        ["decided"] = RunJson.Seconds(outcome.Decided),
        ["rta"] = RunJson.Seconds(outcome.Rta),
        ["rpa"] = RunJson.Seconds(outcome.Rpa),
        ["acknowledged"] = outcome.Acknowledged,
        ["missing"] = outcome.Missing,
        ["home"] = outcome.Home is not { } home ? null : new JsonObject
        {
            ["took"] = RunJson.Seconds(home.Took),
            ["silence"] = RunJson.Seconds(home.Silence),
            ["refused"] = home.Refused,
            ["lost"] = home.Lost,
        },
        ["writeAttempts"] = outcome.WriteAttempts,
        ["overlaps"] = outcome.Overlaps,
        ["promises"] = new JsonArray([.. outcome.Promises.Select(p => new JsonObject { ["kept"] = p.Kept, ["what"] = p.What })]),
    };
}
