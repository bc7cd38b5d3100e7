using System.Text.Json.Serialization;

namespace Kedge.Demo.Client;

/// <summary>What became of one order.</summary>
/// <param name="At">When that was known.</param>
/// <param name="PlacedAt">When it was sent.</param>
/// <param name="Refused">Null: acknowledged. Otherwise why not.</param>
/// <param name="Address">Where it was sent; null where the name did not resolve.</param>
internal sealed record OrderOutcome(DateTimeOffset At, long Order, DateTimeOffset PlacedAt, string? Address, string? Refused);

/// <summary>The ledger's lines, as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OrderOutcome))]
internal sealed partial class LedgerJson : JsonSerializerContext;
