using System.Text;
using System.Text.Json;
using Kedge.Vault.Format;

namespace Kedge.Vault.Memory;

/// <summary>What a client remembers, as JSON.</summary>
internal static class MemoryText
{
    private const int Version = 1;

    internal static byte[] Write(MemoryState state, string vault)
    {
        var all = new MemoryStream();
        using (var json = new Utf8JsonWriter(all, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("vault", vault);
            json.WriteNumber("sequence", state.Sequence);
            json.WriteNumber("listed_at", state.ListedAt);
            json.WriteStartArray("newest");
            foreach (var snapshot in state.Newest)
            {
                Write(json, snapshot);
            }

            json.WriteEndArray();
            Write(json, "leaving", state.Leaving.Select(id => id.ToString()));
            Write(json, "removed", state.Removed.Select(id => id.ToString()));
            Write(json, "removed_keys", state.RemovedKeys.Select(id => id.ToString()));
            json.WriteEndObject();
        }

        return all.ToArray();
    }

    /// <returns>Null where it is no memory of this vault that this version can read.</returns>
    internal static MemoryState? Parse(ReadOnlyMemory<byte> text, string vault)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return root.GetProperty("version").GetInt32() == Version && root.GetProperty("vault").GetString() == vault
                ? new()
                {
                    Sequence = root.GetProperty("sequence").GetInt64(),
                    ListedAt = root.GetProperty("listed_at").GetInt64(),
                    Newest = [.. root.GetProperty("newest").EnumerateArray().Select(Snapshot)],
                    Leaving = Ids(root, "leaving"),
                    Removed = Ids(root, "removed"),
                    RemovedKeys = Ids(root, "removed_keys"),
                }
                : null;
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, RememberedSnapshot snapshot)
    {
        json.WriteStartObject();
        json.WriteString("id", snapshot.Id.ToString());
        if (snapshot.Original is { } original)
        {
            json.WriteString("original", original.ToString());
        }

        json.WriteString("hostname", snapshot.Hostname);
        Write(json, "paths", snapshot.Paths);
        json.WriteString("time", snapshot.Time.ToString());
        json.WriteNumber("known_at", snapshot.KnownAt);
        json.WriteNumber("stored_after", snapshot.StoredAfter);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static RememberedSnapshot Snapshot(JsonElement element) => new(
        Id(element.GetProperty("id")),
        element.TryGetProperty("original", out var original) ? Id(original) : null,
        element.GetProperty("hostname").GetString() ?? "",
        [.. element.GetProperty("paths").EnumerateArray().Select(path => path.GetString() ?? "")],
        GoTime.TryParse(Encoding.UTF8.GetBytes(element.GetProperty("time").GetString() ?? ""), out var time) ? time : throw new FormatException(),
        element.GetProperty("known_at").GetInt64(),
        element.GetProperty("stored_after").GetInt64());

    private static List<ObjectId> Ids(JsonElement root, string name) => [.. root.GetProperty(name).EnumerateArray().Select(Id)];

    private static ObjectId Id(JsonElement element) => ObjectId.TryParse(element.GetString().AsSpan(), out var id) ? id : throw new FormatException();
}
