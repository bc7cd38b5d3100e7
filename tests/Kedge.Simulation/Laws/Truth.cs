using Kedge.Journal;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Simulation.Store;
using Kedge.Store;

namespace Kedge.Simulation.Laws;

/// <summary>The journal as it stands on the store, folded as it grows: what every process would know if it had read it all.</summary>
internal sealed class Truth(Func<string, KedgePlan> readPlan, Reader reader)
{
    private JournalHead head = JournalHead.Empty;

    public ControlState State { get; } = new(readPlan);

    public JournalHead Head => head;

    /// <summary>Reads a record without taking it in; throws where it does not continue the chain.</summary>
    public JournalEntry Read(int position, ReadOnlyMemory<byte> record) => reader.Decode(head, new StoredRecord(position, record));

    public void Take(JournalEntry entry)
    {
        head = new(entry.Position, entry.Hash);
        foreach (var fold in State.Folds)
        {
            fold.Apply(entry);
        }
    }
}
