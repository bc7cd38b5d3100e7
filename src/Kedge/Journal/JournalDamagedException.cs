namespace Kedge.Journal;

/// <summary>The journal is not what was written.</summary>
public sealed class JournalDamagedException : Exception
{
    public JournalDamagedException(long position, string what, Exception? inner = null)
        : base($"journal entry {position} was changed: {what}", inner) => Position = position;

    /// <summary>The first entry that is known to be wrong.</summary>
    public long Position { get; }
}
