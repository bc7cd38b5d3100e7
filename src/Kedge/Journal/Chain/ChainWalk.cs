using System.Text.Json;
using Kedge.Journal.Events;
using Kedge.Store;

namespace Kedge.Journal.Chain;

/// <summary>Goes along the records of a journal, first to last, and notes where the chain does not hold.</summary>
/// <param name="wanted">Positions whose hashes are asked for afterwards.</param>
internal sealed class ChainWalk(IEnumerable<long> wanted)
{
    private readonly Dictionary<long, string?> hashes = wanted.Distinct().ToDictionary(p => p, _ => (string?)null);
    private readonly List<ChainFault> faults = [];
    private long shift;
    private bool unreadable;
    private long? brokenAfter;

    public IReadOnlyList<ChainFault> Faults => faults;

    public JournalHead Head { get; private set; } = JournalHead.Empty;

    public long Entries { get; private set; }

    public string? Journal { get; private set; }

    /// <summary>Hash of a wanted position; null where there is no such entry.</summary>
    public string? HashAt(long position) => hashes.GetValueOrDefault(position);

    public void Take(StoredRecord record)
    {
        Entries++;
        var before = Head;
        var wasUnreadable = unreadable;
        Head = new JournalHead(record.Position, EntryCodec.HashOf(record.Data.Span));
        if (hashes.ContainsKey(record.Position))
        {
            hashes[record.Position] = Head.Hash;
        }

        var gap = record.Position != before.Position + 1;
        if (gap)
        {
            Settle(linkAfterHolds: false);
            Note(
                ChainFaultKind.Missing, before.Position + 1, $"{Range(before.Position + 1, record.Position - 1)} missing");
        }

        if (Envelope.Read(record.Data) is not { } envelope)
        {
            Settle(linkAfterHolds: false);
            unreadable = true;
            Note(ChainFaultKind.Changed, record.Position, $"entry {record.Position} was changed: it is no longer an entry in JSON");
            return;
        }

        unreadable = false;
        Journal ??= envelope.Journal;
        var moved = envelope.Position - record.Position != shift;
        shift = envelope.Position - record.Position;
        if (moved)
        {
            Settle(linkAfterHolds: false);
            if (shift != 0)
            {
                Note(
                    ChainFaultKind.Reordered,
                    record.Position,
                    $"entry {envelope.Position} stands in the place of entry {record.Position}: entries were moved, or some in between taken out");
            }
        }
        else if (!gap && !wasUnreadable)
        {
            CheckLink(before, envelope);
        }
    }

    /// <summary>After the last record.</summary>
    public void End() => Settle(linkAfterHolds: false);

    private void CheckLink(JournalHead before, Envelope envelope)
    {
        var holds = envelope.Previous == before.Hash;
        Settle(holds);
        if (holds)
        {
            return;
        }

        if (before.Position == 0)
        {
            Note(ChainFaultKind.Missing, 1, "the first entry names one before it: the journal's beginning was cut off");
        }
        else
        {
            brokenAfter = before.Position;
        }
    }

    /// <summary>
    /// An entry whose hash is not the one that the next entry names was changed; or that next one was. If the link after
    /// holds, the next one is as it was written, and the fault is known exactly.
    /// </summary>
    private void Settle(bool linkAfterHolds)
    {
        if (brokenAfter is { } position)
        {
            Note(
                ChainFaultKind.Changed,
                position,
                linkAfterHolds
                    ? $"entry {position} was changed: its hash is not the one that entry {position + 1} names"
                    : $"entry {position} or {position + 1}, or both, were changed: the hash of {position} is not the one that {position + 1} names");
        }

        brokenAfter = null;
    }

    private void Note(ChainFaultKind kind, long position, string what) => faults.Add(new ChainFault(kind, position, what));

    private static string Range(long first, long last) => first == last ? $"entry {first} is" : $"entries {first} to {last} are";

    /// <summary>What of an entry the chain is made of.</summary>
    private sealed record Envelope(long Position, string Previous, string? Journal)
    {
        public static Envelope? Read(ReadOnlyMemory<byte> record)
        {
            try
            {
                using var json = JsonDocument.Parse(record);
                var root = json.RootElement;
                return new Envelope(
                    root.GetProperty("position").GetInt64(),
                    root.GetProperty("previous").GetString() ?? "",
                    root.GetProperty("event") is { ValueKind: JsonValueKind.Object } what
                    && what.TryGetProperty("type", out var type) && type.GetString() == nameof(JournalOpened)
                    && what.TryGetProperty("journal", out var name)
                        ? name.GetString()
                        : null);
            }
            catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                return null;
            }
        }
    }
}
