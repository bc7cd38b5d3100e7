using System.Text.Json.Nodes;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Plan;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge schema</c>: the JSON Schema of the plan's language, with the options of every driver.</summary>
internal static class SchemaVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals) => new Verb("schema", "Print the JSON Schema of plans, so that editors complete and check them.")
    {
        Group = "The plan",
        More = ["Editors with the YAML language server take it from a first line in the plan:  # yaml-language-server: $schema=kedge.schema.json"],
        Examples = [new("kedge schema > kedge.schema.json", "Beside the plan.")],
    }.Does(host, globals, (call, _) =>
    {
        var schema = PlanSchema.Write(ControlPlane.Contracts);
        if (call.Terminal.Json)
        {
            call.Terminal.Result(JsonNode.Parse(schema)!);
        }
        else
        {
            call.Terminal.Write(schema);
        }

        return Task.FromResult(ExitCodes.Fine);
    });
}
