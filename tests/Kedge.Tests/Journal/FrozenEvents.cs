using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Xunit;

namespace Kedge.Tests.Journal;

/// <summary>
/// The samples in Frozen/ are what earlier versions have written. They are added to and never changed: a new event gets
/// a file of its name, a new field of an old event a second one (<c>RunPlanned.2.json</c>).
/// </summary>
public class FrozenEvents
{
    public static TheoryData<string> Samples => [.. Directory.GetFiles(Folder(), "*.json").Select(f => Path.GetFileName(f)!).Order()];

    public static TheoryData<string> EventNames => [.. Types().Select(t => t.TypeDiscriminator!.ToString()!)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_read_and_written_as_ever(string sample)
    {
        var text = File.ReadAllText(Path.Combine(Folder(), sample)).TrimEnd('\n');

        var read = JsonSerializer.Deserialize(text, JournalJson.Default.JournalEvent)!;

        Assert.Equal(sample.Split('.')[0], read.GetType().Name);
        Assert.Equal(text, JsonSerializer.Serialize(read, JournalJson.Default.JournalEvent));
    }

    [Theory]
    [MemberData(nameof(EventNames))]
    public void Every_field_of_an_event_is_in_a_sample(string name)
    {
        var type = Types().Single(t => t.TypeDiscriminator!.ToString() == name).DerivedType;
        Assert.Equal(name, type.Name);
        var samples = Directory.GetFiles(Folder(), $"{name}*.json").Where(f => Path.GetFileName(f).Split('.')[0] == name).ToList();
        Assert.True(samples.Count > 0, $"write a sample of {name} to Frozen/{name}.json");

        var fields = new HashSet<string>();
        foreach (var sample in samples)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(sample));
            Collect(json.RootElement, type, fields);
        }

        var missing = Demanded(type, []).Except(fields);
        Assert.True(!missing.Any(), $"no sample of {name} has: {string.Join(", ", missing)}");
    }

    [Fact]
    public void Every_event_of_the_assembly_can_be_written()
    {
        var events = typeof(JournalEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(JournalEvent)));
        Assert.Equal(events.OrderBy(t => t.Name), Types().Select(t => t.DerivedType).OrderBy(t => t.Name));
    }

    private static IEnumerable<JsonDerivedTypeAttribute> Types() => typeof(JournalEvent).GetCustomAttributes<JsonDerivedTypeAttribute>();

    /// <summary>Fields that a type and the records in it can have, as <c>Type.field</c>.</summary>
    private static HashSet<string> Demanded(Type type, HashSet<string> fields)
    {
        foreach (var property in Fields(type))
        {
            if (fields.Add($"{type.Name}.{property.Name}") && RecordIn(property.PropertyType) is { } inner)
            {
                Demanded(inner, fields);
            }
        }

        return fields;
    }

    private static void Collect(JsonElement json, Type type, HashSet<string> fields)
    {
        foreach (var property in Fields(type))
        {
            if (!json.TryGetProperty(JsonNamingPolicy.CamelCase.ConvertName(property.Name), out var value))
            {
                continue;
            }

            fields.Add($"{type.Name}.{property.Name}");
            if (RecordIn(property.PropertyType) is { } inner)
            {
                foreach (var element in value.ValueKind is JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
                {
                    Collect(element, inner, fields);
                }
            }
        }
    }

    private static IEnumerable<PropertyInfo> Fields(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.Name != "EqualityContract");

    /// <summary>The record that a field holds, or a list of; null where it is a plain value.</summary>
    private static Type? RecordIn(Type type)
    {
        var element = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : type;
        return element is { IsClass: true, Namespace: "Kedge.Journal.Events" } ? element : null;
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Frozen");
}
