using System.Security.Cryptography;
using System.Text.Json;
using Kedge.Journal.Events;
using Kedge.Store;

namespace Kedge.Journal.Chain;

/// <summary>
/// Turns events into records and back. An entry's hash is the SHA-256 of its record's bytes, and each record names the
/// hash of the one before: with <c>sqlite3</c>, <c>jq</c> and <c>sha256sum</c> anybody can verify the chain.
/// </summary>
internal static class EntryCodec
{
    public static (JournalEntry Entry, ReadOnlyMemory<byte> Record) Encode(
        JournalHead after, DateTimeOffset at, string by, JournalEvent what)
    {
        var stored = new StoredEntry(after.Position + 1, at, by, after.Hash, what);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(stored, JournalJson.Default.StoredEntry);
        return (new JournalEntry(stored.Position, at, by, what, after.Hash, HashOf(bytes)), bytes);
    }

    /// <summary>Throws <see cref="JournalDamagedException"/> where the record does not continue the chain or cannot be read.</summary>
    public static JournalEntry Decode(JournalHead after, StoredRecord record)
    {
        StoredEntry? stored;
        try
        {
            stored = JsonSerializer.Deserialize(record.Data.Span, JournalJson.Default.StoredEntry);
        }
        catch (Exception failure) when (failure is JsonException or FormatException or NotSupportedException)
        {
            throw new JournalDamagedException(record.Position, "its record cannot be read as an event", failure);
        }

        if (stored is null || stored.Position != record.Position || stored.Event is null || stored.By is null)
        {
            throw new JournalDamagedException(record.Position, "its record is not the one that was written there");
        }

        if (record.Position != after.Position + 1)
        {
            throw new JournalDamagedException(record.Position, $"entries {after.Position + 1} to {record.Position - 1} are missing");
        }

        return stored.Previous == after.Hash
            ? new JournalEntry(record.Position, stored.At, stored.By, stored.Event, stored.Previous, HashOf(record.Data.Span))
            : throw new JournalDamagedException(record.Position - 1, "its hash is not the one that the entry after it names");
    }

    public static string HashOf(ReadOnlySpan<byte> record) => Convert.ToHexStringLower(SHA256.HashData(record));
}
