using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Store;
using Kedge.Tests.Store;
using Xunit;

namespace Kedge.Tests.Journal;

public sealed class WhenAnAppendsOutcomeIsUnknown : IAsyncDisposable
{
    private readonly ListStore store = new();
    private readonly RememberingHeads heads = new();
    private readonly SeenEvents seen = new();
    private readonly EventLog log;

    public WhenAnAppendsOutcomeIsUnknown() => log = new EventLog(store, heads, new HandSetClock(), "east-1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task What_was_appended_all_the_same_is_taken_in_once_by_catching_up()
    {
        store.AfterAppend = new StoreException("the connection broke");
        await Assert.ThrowsAsync<StoreException>(() => log.TryAppendAsync([new JournalOpened("one")], [seen], Cancellation));
        Assert.Empty(seen.Events);
        Assert.Equal(JournalHead.Empty, log.Head);

        await log.CatchUpAsync([seen], Cancellation);

        Assert.Equal([new JournalOpened("one")], seen.Events);
        Assert.True(await log.TryAppendAsync([new RunResumed(new("run-1"), "ops")], [seen], Cancellation));
        Assert.Equal(2, seen.Events.Count);
    }

    [Fact]
    public async Task Appending_again_without_looking_is_refused_so_nothing_is_there_twice()
    {
        store.AfterAppend = new StoreException("the connection broke");
        await Assert.ThrowsAsync<StoreException>(() => log.TryAppendAsync([new JournalOpened("one")], [seen], Cancellation));

        Assert.False(await log.TryAppendAsync([new JournalOpened("one")], [seen], Cancellation));
        Assert.Single(store.Records);
    }

    [Fact]
    public async Task An_append_that_was_cancelled_after_it_was_made_is_found_by_catching_up()
    {
        using var patience = new CancellationTokenSource();
        store.BeforeAppend = patience.Cancel;
        store.AfterAppend = new OperationCanceledException(patience.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.TryAppendAsync([new JournalOpened("one")], [seen], patience.Token));

        await log.CatchUpAsync([seen], Cancellation);

        Assert.Equal([new JournalOpened("one")], seen.Events);
    }

    [Fact]
    public async Task An_append_counts_although_its_caller_has_given_up_while_it_was_made()
    {
        using var patience = new CancellationTokenSource();
        store.BeforeAppend = patience.Cancel;

        Assert.True(await log.TryAppendAsync([new JournalOpened("one")], [seen], patience.Token));

        Assert.Equal(log.Head, heads.Kept);
        Assert.Null(log.HeadFailure);
    }

    [Fact]
    public async Task An_append_counts_although_its_head_could_not_be_kept_and_status_can_tell()
    {
        heads.Failure = new IOException("No space left on device");

        Assert.True(await log.TryAppendAsync([new JournalOpened("one")], [seen], Cancellation));

        Assert.Equal(1, log.Head.Position);
        Assert.Equal([new JournalOpened("one")], seen.Events);
        Assert.Same(heads.Failure, log.HeadFailure);

        heads.Failure = null;
        Assert.True(await log.TryAppendAsync([new RunResumed(new("run-1"), "ops")], [seen], Cancellation));
        Assert.Null(log.HeadFailure);
        Assert.Equal(log.Head, heads.Kept);
    }

    private sealed class SeenEvents : IFold
    {
        public List<JournalEvent> Events { get; } = [];

        public void Apply(JournalEntry entry) => Events.Add(entry.Event);
    }
}
