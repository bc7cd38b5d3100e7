using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Kedge.Vault.Format;

/// <summary>
/// Walks over the fields of a small JSON object that somebody may have forged: bounded depth, and no other end than
/// <see cref="VaultFault.Damaged"/>. As in Go, the last of equal names wins, and null leaves a field as it was.
/// </summary>
/// <param name="what">What it is, for messages: "a lock".</param>
internal ref struct JsonFields(ReadOnlySpan<byte> json, string what)
{
    /// <summary>Deeper than anything that is written, and shallow enough for everybody's stack.</summary>
    internal const int MaximumDepth = 64;

    private static readonly SearchValues<byte> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzNRP_"u8);

    private readonly ReadOnlySpan<byte> json = json;
    private Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaximumDepth });

    /// <summary>The name of the present field.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The same as it stands between its quotes.</summary>
    public ReadOnlySpan<byte> RawName { get; private set; }

    /// <summary>Enters the object that is the value here.</summary>
    /// <returns>False where the value is null.</returns>
    public bool TryEnter()
    {
        Advance();
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => true,
            JsonTokenType.Null => false,
            _ => throw Wrong("an object"),
        };
    }

    /// <summary>To the next field of the present object; false at its end.</summary>
    public bool Next()
    {
        Advance();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        RawName = reader.ValueSpan;
        Name = reader.ValueIsEscaped ? Unescaped(RawName) : RawName;
        return true;
    }

    public readonly bool Is(ReadOnlySpan<byte> name) => Name.SequenceEqual(name);

    /// <summary>After the outermost object: nothing else may follow.</summary>
    public void End()
    {
        try
        {
            reader.Read();
        }
        catch (JsonException)
        {
            throw VaultException.Damaged($"{what} is followed by something else, at byte {reader.BytesConsumed}");
        }
    }

    public string Text(string otherwise)
    {
        Advance();
        return reader.TokenType switch
        {
            JsonTokenType.String => JsonText.Decode(reader.ValueSpan) ?? throw Wrong("text in UTF-8"),
            JsonTokenType.Null => otherwise,
            _ => throw Wrong("text"),
        };
    }

    public IReadOnlyList<string> Texts()
    {
        Advance();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Wrong("a list of texts");
        }

        var texts = new List<string>();
        for (Advance(); reader.TokenType != JsonTokenType.EndArray; Advance())
        {
            texts.Add(reader.TokenType == JsonTokenType.String && JsonText.Decode(reader.ValueSpan) is { } text ? text : throw Wrong("a list of texts"));
        }

        return texts;
    }

    public bool Flag(bool otherwise)
    {
        Advance();
        return reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => otherwise,
            _ => throw Wrong("true or false"),
        };
    }

    public ulong Number(ulong maximum)
    {
        Advance();
        return reader.TokenType switch
        {
            JsonTokenType.Number when JsonText.TryParseNumber(reader.ValueSpan, out var number) && number <= maximum => number,
            JsonTokenType.Null => 0,
            _ => throw Wrong($"a whole number up to {maximum}"),
        };
    }

    public GoTime Time(GoTime otherwise)
    {
        Advance();
        return reader.TokenType switch
        {
            JsonTokenType.String when GoTime.TryParse(reader.ValueSpan, out var time) => time,
            JsonTokenType.Null => otherwise,
            _ => throw Wrong("a time (RFC 3339)"),
        };
    }

    public ObjectId? Id()
    {
        Advance();
        return reader.TokenType switch
        {
            JsonTokenType.String when ObjectId.TryParse(reader.ValueSpan, out var id) => id,
            JsonTokenType.Null => null,
            _ => throw Wrong("an id"),
        };
    }

    public byte[] Base64()
    {
        var bytes = new byte[Base64Length()];
        DecodeBase64(bytes);
        return bytes;
    }

    /// <summary>Into memory of the caller's, for secrets, which must stand nowhere else.</summary>
    /// <param name="bytes">Exactly as long as the value has to be.</param>
    public void Base64(scoped Span<byte> bytes)
    {
        if (Base64Length() != bytes.Length)
        {
            throw Wrong($"{bytes.Length} bytes in base64");
        }

        DecodeBase64(bytes);
    }

    /// <summary>Whatever the value is, as it stands. Its strings were not looked at for UTF-8.</summary>
    public ReadOnlySpan<byte> Raw()
    {
        Advance();
        var start = (int)reader.TokenStartIndex;
        try
        {
            reader.Skip();
        }
        catch (JsonException)
        {
            throw NotJson();
        }

        return json[start..(int)reader.BytesConsumed];
    }

    private void Advance()
    {
        try
        {
            if (!reader.Read())
            {
                throw NotJson();
            }
        }
        catch (JsonException)
        {
            throw NotJson();
        }
    }

    private int Base64Length()
    {
        Advance();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return 0;
        }

        var text = reader.ValueSpan;
        return reader.TokenType == JsonTokenType.String && text.Length % 4 == 0
            ? (text.Length / 4 * 3) - (text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0)
            : throw Wrong("bytes in base64");
    }

    private readonly void DecodeBase64(scoped Span<byte> bytes)
    {
        if (reader.TokenType == JsonTokenType.String
            && (System.Buffers.Text.Base64.DecodeFromUtf8(reader.ValueSpan, bytes, out var consumed, out var written) != OperationStatus.Done
                || consumed != reader.ValueSpan.Length || written != bytes.Length))
        {
            throw Wrong("bytes in base64");
        }
    }

    private readonly ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> raw)
    {
        var plain = new byte[raw.Length];
        return JsonText.TryUnescape(raw, plain, out var length) ? plain.AsSpan(0, length) : throw Wrong("a name in UTF-8");
    }

    private readonly VaultException NotJson() => VaultException.Damaged($"{what} is no JSON from byte {reader.BytesConsumed} on");

    private readonly VaultException Wrong(string expected) =>
        VaultException.Damaged($"{what} has something else than {expected} at byte {reader.TokenStartIndex}{Within()}");

    /// <summary>Names are the format's own or a stranger's; a stranger's are not repeated to anybody's terminal.</summary>
    private readonly string Within() =>
        !Name.IsEmpty && Name.Length <= 32 && !Name.ContainsAnyExcept(Plain) ? $" (\"{Encoding.ASCII.GetString(Name)}\")" : "";
}
