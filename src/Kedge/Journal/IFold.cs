namespace Kedge.Journal;

/// <summary>Everything that people see is a fold over the journal's entries, each applied once, in order.</summary>
public interface IFold
{
    /// <summary>Takes an entry in. Must not fail, read a clock or ask the world: the same entries give the same state.</summary>
    void Apply(JournalEntry entry);
}
