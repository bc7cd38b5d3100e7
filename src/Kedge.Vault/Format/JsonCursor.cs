using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Kedge.Vault.Format;

/// <summary>
/// A place in large JSON that somebody may have forged, for readers that know what has to come next and look at it
/// themselves; anything else is taken by the framework's reader, to a bounded depth.
/// </summary>
/// <param name="what">What it is, for messages: "an index".</param>
internal ref struct JsonCursor(ReadOnlySpan<byte> text, string what)
{
    private readonly ReadOnlySpan<byte> text = text;

    public int Position { get; set; }

    public readonly ReadOnlySpan<byte> Rest => text[Position..];

    /// <summary>Takes these bytes, if they are exactly what comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeExactly(ReadOnlySpan<byte> expected)
    {
        if (!Rest.StartsWith(expected))
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>Takes white space, and this character if it comes then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(char punctuation)
    {
        if (Position < text.Length && text[Position] == punctuation)
        {
            Position++;
            return true;
        }

        return TryTakeAfterSpace(punctuation);
    }

    public void Take(char punctuation)
    {
        if (!TryTake(punctuation))
        {
            throw Wrong($"'{punctuation}'");
        }
    }

    public bool TryTakeNull()
    {
        TakeSpace();
        return TryTakeExactly("null"u8);
    }

    /// <summary>The name of a field, and the colon behind it.</summary>
    public ReadOnlySpan<byte> TakeName()
    {
        var name = TakeText();
        Take(':');
        return name;
    }

    /// <summary>A string, its escapes resolved. Without escapes it was not looked at for UTF-8.</summary>
    public ReadOnlySpan<byte> TakeText()
    {
        var raw = TakeRawText();
        if (!raw.Contains((byte)'\\'))
        {
            return raw;
        }

        var plain = new byte[raw.Length];
        return JsonText.TryUnescape(raw, plain, out var length) ? plain.AsSpan(0, length) : throw Wrong("text in UTF-8, before");
    }

    /// <summary>What stands between the quotes of a string.</summary>
    public ReadOnlySpan<byte> TakeRawText()
    {
        var raw = TakeValue();
        return raw[0] == '"' ? raw[1..^1] : throw Wrong("a string, before");
    }

    /// <summary>After an opening quote: up to the closing one, and behind it. Whether the escapes mean anything remains to be seen.</summary>
    public bool TryTakeRestOfText(out ReadOnlySpan<byte> raw)
    {
        var rest = Rest;
        for (var at = 0; at < rest.Length;)
        {
            var special = rest[at..].IndexOfAny(JsonText.Special);
            at += special;
            if (special < 0 || rest[at] < ' ')
            {
                break;
            }

            if (rest[at] == '"')
            {
                raw = rest[..at];
                Position += at + 1;
                return true;
            }

            at += 2;
        }

        raw = default;
        return false;
    }

    public ObjectId TakeId() => ObjectId.TryParse(TakeText(), out var id) ? id : throw Wrong("an id, before");

    public GoTime TakeTime() => GoTime.TryParse(TakeText(), out var time) ? time : throw Wrong("a time (RFC 3339), before");

    /// <summary>A whole number; null counts as nothing.</summary>
    public ulong TakeNumber(ulong maximum)
    {
        var raw = TakeValue();
        return JsonText.TryParseNumber(raw, out var number) && number <= maximum ? number
            : raw.SequenceEqual("null"u8) ? 0UL : throw Wrong($"a whole number up to {maximum}, before");
    }

    /// <summary>Whatever value comes next, as it stands.</summary>
    public ReadOnlySpan<byte> TakeValue()
    {
        var reader = new Utf8JsonReader(Rest, new JsonReaderOptions { MaxDepth = JsonFields.MaximumDepth });
        try
        {
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = Rest[start..(int)reader.BytesConsumed];
            Position += (int)reader.BytesConsumed;
            return value;
        }
        catch (JsonException)
        {
            throw VaultException.Damaged($"{what} is no JSON from byte {Position + reader.BytesConsumed} on");
        }
    }

    /// <summary>Nothing but white space may follow.</summary>
    public void End()
    {
        TakeSpace();
        if (Position != text.Length)
        {
            throw VaultException.Damaged($"{what} is followed by something else, at byte {Position}");
        }
    }

    public readonly VaultException Wrong(string expected) => VaultException.Damaged($"{what} has something else than {expected} at byte {Position}");

    private bool TryTakeAfterSpace(char punctuation)
    {
        TakeSpace();
        if (Position == text.Length || text[Position] != punctuation)
        {
            return false;
        }

        Position++;
        return true;
    }

    public void TakeSpace()
    {
        while (Position < text.Length && text[Position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            Position++;
        }
    }
}
