using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Store;

namespace Kedge.Simulation.Store;

/// <summary>Decodes each record once for all processes: the same bytes after the same head are the same entry.</summary>
internal sealed class Reader
{
    private readonly Dictionary<(long Position, ReadOnlyMemory<byte> Record), (JournalHead After, JournalEntry Entry)> known = [];

    public JournalEntry Decode(JournalHead after, StoredRecord record)
    {
        if (known.TryGetValue((record.Position, record.Data), out var read) && read.After == after)
        {
            return read.Entry;
        }

        var entry = EntryCodec.Decode(after, record);
        known[(record.Position, record.Data)] = (after, entry);
        return entry;
    }
}
