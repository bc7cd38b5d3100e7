using System.Text.Json;
using System.Text.Json.Serialization;
using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Journal.Chain;

/// <summary>How entries and events are written as JSON, on disk and wherever else an event is shown as such.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(SiteNameJson), typeof(ServiceNameJson), typeof(ComponentIdJson), typeof(InstanceIdJson),
        typeof(PlanVersionJson), typeof(RunIdJson), typeof(IncidentIdJson), typeof(DurationJson),
    ])]
[JsonSerializable(typeof(StoredEntry))]
[JsonSerializable(typeof(JournalEvent))]
[JsonSerializable(typeof(RecoveryPlan))]
[JsonSerializable(typeof(NodeIdentity))]
public sealed partial class JournalJson : JsonSerializerContext;

/// <summary>The bytes of one record: the entry without the hash of itself.</summary>
public sealed record StoredEntry(long Position, DateTimeOffset At, string By, string Previous, JournalEvent Event);

/// <summary>Writes a name as plain text.</summary>
internal abstract class NameJson<T>(Func<string, T> read) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        read(reader.GetString() ?? throw new JsonException("a name is missing"));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

internal sealed class SiteNameJson() : NameJson<SiteName>(text => new(text));

internal sealed class ServiceNameJson() : NameJson<ServiceName>(text => new(text));

internal sealed class ComponentIdJson() : NameJson<ComponentId>(ComponentId.Parse);

internal sealed class InstanceIdJson() : NameJson<InstanceId>(InstanceId.Parse);

internal sealed class PlanVersionJson() : NameJson<PlanVersion>(text => new(text));

internal sealed class RunIdJson() : NameJson<RunId>(text => new(text));

internal sealed class IncidentIdJson() : NameJson<IncidentId>(text => new(text));

/// <summary>Durations in seconds, so that <c>jq</c> can add them up.</summary>
internal sealed class DurationJson : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSpan.FromTicks((long)(reader.GetDecimal() * TimeSpan.TicksPerSecond));

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Ticks / (decimal)TimeSpan.TicksPerSecond);
}
