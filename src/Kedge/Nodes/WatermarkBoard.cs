using System.Text.Json;
using System.Text.Json.Serialization;
using Kedge.Drivers;
using Kedge.Plan.Model;
using Kedge.Protect;
using Kedge.Store;

namespace Kedge.Nodes;

/// <summary>Watermarks as latest values of the store.</summary>
public sealed class WatermarkBoard(IStore store) : IWatermarkBoard
{
    public async Task KeepAsync(Watermark watermark, CancellationToken cancellation)
    {
        var kept = new KeptWatermark(
            watermark.Epoch, watermark.Position, watermark.Marker, watermark.MarkerAt, watermark.ReadAt, watermark.Synchronous, watermark.StandbyPosition);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(kept, WatermarkJson.Default.KeptWatermark);
        await store.PutLatestAsync(
            new Dictionary<string, ReadOnlyMemory<byte>> { [Key(new(watermark.Component, watermark.Site))] = bytes }, cancellation);
    }

    public async Task<Watermark?> FindAsync(InstanceId instance, CancellationToken cancellation)
    {
        var key = Key(instance);
        var values = await store.LatestAsync(key, cancellation);
        if (!values.TryGetValue(key, out var bytes) || JsonSerializer.Deserialize(bytes.Span, WatermarkJson.Default.KeptWatermark) is not { } kept)
        {
            return null;
        }

        return new(
            instance.Component, instance.Site, kept.Epoch, kept.Position, kept.Marker, kept.MarkerAt, kept.ReadAt, kept.Synchronous, kept.StandbyPosition);
    }

    private static string Key(InstanceId instance) => $"watermark/{instance}";
}

/// <summary>A watermark as it is stored; its key names component and site.</summary>
internal sealed record KeptWatermark(
    long Epoch, string Position, long Marker, DateTimeOffset MarkerAt, DateTimeOffset ReadAt, bool? Synchronous, string? StandbyPosition);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeptWatermark))]
internal sealed partial class WatermarkJson : JsonSerializerContext;
