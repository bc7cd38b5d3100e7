using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kedge.Demo.Evidence;

/// <summary>One attempt to write to one instance.</summary>
/// <param name="From">When it was sent.</param>
/// <param name="To">When its outcome was known.</param>
/// <param name="Refused">Null: the instance took the write at some moment in between.</param>
internal sealed record WriteAttempt(string Site, DateTimeOffset From, DateTimeOffset To, string? Refused);

/// <summary>The attempts, one line of JSON each.</summary>
internal sealed class WriteEvidence : IDisposable
{
    private readonly FileStream file;
    private readonly Lock writing = new();

    public WriteEvidence(string path) =>
        file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Append(WriteAttempt attempt)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(attempt, EvidenceJson.Default.WriteAttempt), (byte)'\n'];
        lock (writing)
        {
            file.Write(line);
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>All attempts in a file that may still be written to.</summary>
    public static IReadOnlyList<WriteAttempt> Read(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var whole = file.ReadToEnd();
        var end = whole.LastIndexOf('\n') + 1;
        return
        [
            .. whole[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize(line, EvidenceJson.Default.WriteAttempt)!),
        ];
    }
}

/// <summary>The evidence's lines, as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WriteAttempt))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
