using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kedge.Plan.Reading;

namespace Kedge.Tests.Plan;

/// <summary>
/// Holds YAML against a JSON Schema, as an editor would: the keywords of draft 2020-12 that the plan's schema uses. A
/// keyword that it does not know fails the test.
/// </summary>
internal sealed class SchemaJudge(string schema)
{
    private readonly JsonElement root = JsonDocument.Parse(schema).RootElement;

    public bool Accepts(string yaml) =>
        YamlReader.Read("plan", yaml, new ProblemList()) is { Root: { } node, Whole: true } && Accepts(root, node);

    public bool Accepts(PlanNode node) => Accepts(root, node);

    private bool Accepts(JsonElement schema, PlanNode node) =>
        schema.ValueKind is JsonValueKind.True
        || (schema.ValueKind is JsonValueKind.Object && schema.EnumerateObject().All(k => Holds(schema, k.Name, k.Value, node)));

    private bool Holds(JsonElement schema, string keyword, JsonElement value, PlanNode node) => keyword switch
    {
        "$schema" or "$defs" or "title" or "description" or "default" or "then" => true,
        "properties" => Entries(node).All(e => !value.TryGetProperty(e.Key, out var inner) || Accepts(inner, e.Value)),
        "$ref" => Accepts(root.GetProperty("$defs").GetProperty(value.GetString()!["#/$defs/".Length..]), node),
        "type" => value.ValueKind is JsonValueKind.Array ? value.EnumerateArray().Any(t => IsA(node, t.GetString()!)) : IsA(node, value.GetString()!),
        "required" => node is not MapNode map || value.EnumerateArray().All(k => map.Entries.Any(e => e.Key == k.GetString())),
        "additionalProperties" => Entries(node).All(e =>
            (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(e.Key, out _))
            || (value.ValueKind is not JsonValueKind.False && Accepts(value, e.Value))),
        "propertyNames" => Entries(node).All(e => Accepts(value, new ScalarNode(e.Place, e.Key, Plain: false))),
        "minProperties" => node is not MapNode map || map.Entries.Count >= value.GetInt32(),
        "maxProperties" => node is not MapNode map || map.Entries.Count <= value.GetInt32(),
        "items" => node is not ListNode list || list.Items.All(i => Accepts(value, i)),
        "minItems" => node is not ListNode list || list.Items.Count >= value.GetInt32(),
        "minLength" => Text(node) is not { } text || new StringInfo(text).LengthInTextElements >= value.GetInt32(),
        "maxLength" => Text(node) is not { } text || text.Length <= value.GetInt32(),
        "pattern" => Text(node) is not { } text || Regex.IsMatch(text, value.GetString()!),
        "minimum" => Number(node) is not { } number || number >= value.GetDecimal(),
        "maximum" => Number(node) is not { } number || number <= value.GetDecimal(),
        "enum" => value.EnumerateArray().Any(v => Text(node) == v.GetString()),
        "const" => Text(node) == value.GetString(),
        "allOf" => value.EnumerateArray().All(s => Accepts(s, node)),
        "anyOf" => value.EnumerateArray().Any(s => Accepts(s, node)),
        "oneOf" => value.EnumerateArray().Count(s => Accepts(s, node)) == 1,
        "if" => !Accepts(value, node) || Accepts(schema.GetProperty("then"), node),
        _ => throw new NotSupportedException($"keyword '{keyword}'"),
    };

    private static IReadOnlyList<MapEntry> Entries(PlanNode node) => node is MapNode map ? map.Entries : [];

    private static string? Text(PlanNode node) => IsA(node, "string") ? ((ScalarNode)node).Text : null;

    private static decimal? Number(PlanNode node) =>
        IsA(node, "number") && decimal.TryParse(((ScalarNode)node).Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    // What YAML 1.2's core schema makes of a plain scalar.
    private static bool IsA(PlanNode node, string type) => (node, type) switch
    {
        (MapNode, "object") or (ListNode, "array") => true,
        (ScalarNode { IsNull: true }, _) => type == "null",
        (ScalarNode { Plain: false }, _) => type == "string",
        (ScalarNode scalar, "boolean") => Regex.IsMatch(scalar.Text, "^(true|True|TRUE|false|False|FALSE)$"),
        (ScalarNode scalar, "integer") => Regex.IsMatch(scalar.Text, @"^[-+]?[0-9]+$|^0o[0-7]+$|^0x[0-9a-fA-F]+$"),
        (ScalarNode scalar, "number") => Regex.IsMatch(scalar.Text, @"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$|^0o[0-7]+$|^0x[0-9a-fA-F]+$|^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$"),
        (ScalarNode, "string") => !IsA(node, "boolean") && !IsA(node, "number"),
        _ => false,
    };
}
