using Kedge.Journal.Events;

namespace Kedge.Journal;

/// <summary>An event as it stands in the journal.</summary>
/// <param name="Position">From 1, without gaps.</param>
/// <param name="At">When it was appended, by the appending process's clock.</param>
/// <param name="By">Node or person that appended it.</param>
/// <param name="Previous">Hash of the entry before; 64 zeros for the first.</param>
/// <param name="Hash">SHA-256 of this entry's bytes (which hold <paramref name="Previous"/>), in lower-case hexadecimal.</param>
public sealed record JournalEntry(
    long Position, DateTimeOffset At, string By, JournalEvent Event, string Previous, string Hash);

/// <summary>Position and hash of a journal's newest entry; what a second place keeps to notice a cut-off tail.</summary>
public readonly record struct JournalHead(long Position, string Hash)
{
    public static JournalHead Empty { get; } = new(0, new string('0', 64));
}
