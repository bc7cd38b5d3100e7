using System.Text.Json;
using Kedge.Vault.Backends.Http;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backends.Rest;

/// <summary>
/// Reads a server's list of objects, piece by piece and in bounded memory: version 2 has objects with name and size,
/// version 1 names alone, and an empty list may be <c>null</c>.
/// </summary>
internal sealed class RestListing(Stream body)
{
    private const int DeepestNesting = 8;

    private readonly byte[] buffer = new byte[1 << 16];
    private int filled;
    private bool ended;
    private JsonReaderState state = new(new() { MaxDepth = DeepestNesting });
    private Property property;
    private ObjectId? id;
    private long? size;

    private enum Property
    {
        Other,
        Name,
        Size,
    }

    /// <returns>The next objects, possibly none; null at the end. The length is null where the server does not tell it.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Unavailable"/>: this is no such list, or not all of it.</exception>
    internal async Task<List<(ObjectId Id, long? Length)>?> NextAsync(StallWatch watch)
    {
        if (ended)
        {
            return null;
        }

        var count = await body.ReadAsync(buffer.AsMemory(filled), watch.Token);
        watch.Moved();
        ended = count == 0;
        filled += count;
        var found = new List<(ObjectId, long?)>();
        try
        {
            Parse(found);
        }
        catch (JsonException e)
        {
            throw new VaultException(VaultFault.Unavailable, "the server's list of objects cannot be understood", inner: e);
        }

        return found;
    }

    private void Parse(List<(ObjectId, long?)> found)
    {
        var reader = new Utf8JsonReader(buffer.AsSpan(0, filled), isFinalBlock: ended, state);
        while (reader.Read())
        {
            Take(ref reader, found);
        }

        state = reader.CurrentState;
        var used = (int)reader.BytesConsumed;
        buffer.AsSpan(used, filled - used).CopyTo(buffer);
        filled -= used;
        if (filled == buffer.Length)
        {
            throw new JsonException("A name or number without end.");
        }
    }

    private void Take(ref Utf8JsonReader reader, List<(ObjectId, long?)> found)
    {
        switch (reader.TokenType, reader.CurrentDepth)
        {
            case (JsonTokenType.String, 1) when ObjectId.TryParse(reader.ValueSpan, out var name):
                found.Add((name, null));
                break;
            case (JsonTokenType.StartObject, 1):
                (id, size) = (null, null);
                break;
            case (JsonTokenType.PropertyName, 2):
                property = reader.ValueTextEquals("name") ? Property.Name : reader.ValueTextEquals("size") ? Property.Size : Property.Other;
                break;
            case (JsonTokenType.String, 2) when property == Property.Name && ObjectId.TryParse(reader.ValueSpan, out var name):
                id = name;
                break;
            case (JsonTokenType.Number, 2) when property == Property.Size && reader.TryGetInt64(out var length) && length >= 0:
                size = length;
                break;
            case (JsonTokenType.EndObject, 1) when id is { } known:
                found.Add((known, size));
                break;
            default:
                break;
        }
    }
}
