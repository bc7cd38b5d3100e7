using Kedge.Journal;

namespace Kedge.Tests.Journal;

/// <summary>A fake head keeper: in memory, and failing on demand.</summary>
internal sealed class RememberingHeads : IHeadKeeper
{
    public JournalHead? Kept { get; private set; }

    public Exception? Failure { get; set; }

    public ValueTask KeepAsync(JournalHead head, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Failure is not null)
        {
            throw Failure;
        }

        Kept = head;
        return ValueTask.CompletedTask;
    }

    public ValueTask<JournalHead?> ReadAsync(CancellationToken cancellation) => ValueTask.FromResult(Kept);
}
