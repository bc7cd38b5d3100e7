using System.Text;
using Kedge.Store;
using Xunit;

namespace Kedge.Tests.Store;

/// <summary>What every store does, whatever it is made of. A store's own test class inherits it and says how to open one.</summary>
public abstract class StoreContract
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Another handle on this test's store, which is empty at first; the class disposes what it opened.</summary>
    protected abstract Task<IStore> OpenAsync(TimeProvider time);

    [Fact]
    public async Task An_empty_store_has_nothing_to_read()
    {
        var store = await OpenAsync(TimeProvider.System);

        Assert.Empty(await store.ReadAsync(0, 10, Cancellation));
        Assert.Empty(await store.LatestAsync("", Cancellation));
    }

    [Fact]
    public async Task Records_are_read_back_byte_for_byte_with_positions_from_1()
    {
        var store = await OpenAsync(TimeProvider.System);
        byte[] everyByte = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        Assert.True(await store.AppendAsync(0, [everyByte, ReadOnlyMemory<byte>.Empty, Bytes("third")], Cancellation));

        var read = await store.ReadAsync(0, 10, Cancellation);
        Assert.Equal([1, 2, 3], read.Select(r => r.Position));
        Assert.Equal(everyByte, read[0].Data.ToArray());
        Assert.Empty(read[1].Data.ToArray());
        Assert.Equal("third", Text(read[2].Data));
    }

    [Fact]
    public async Task Reading_goes_on_after_a_position_and_stops_at_the_limit()
    {
        var store = await OpenAsync(TimeProvider.System);
        await store.AppendAsync(0, [.. Enumerable.Range(1, 20).Select(i => (ReadOnlyMemory<byte>)Bytes($"{i}"))], Cancellation);

        Assert.Equal(["8", "9", "10"], (await store.ReadAsync(7, 3, Cancellation)).Select(r => Text(r.Data)));
        Assert.Equal([19, 20], (await store.ReadAsync(18, 10, Cancellation)).Select(r => r.Position));
        Assert.Empty(await store.ReadAsync(20, 10, Cancellation));
    }

    [Fact]
    public async Task A_record_of_several_megabytes_is_kept()
    {
        var store = await OpenAsync(TimeProvider.System);
        var large = new byte[4 << 20];
        new Random(7).NextBytes(large);

        Assert.True(await store.AppendAsync(0, [large], Cancellation));
        Assert.Equal(large, (await store.ReadAsync(0, 1, Cancellation))[0].Data.ToArray());
    }

    [Fact]
    public async Task An_append_after_a_position_that_is_no_longer_the_newest_adds_nothing()
    {
        var store = await OpenAsync(TimeProvider.System);
        await store.AppendAsync(0, [Bytes("one")], Cancellation);

        Assert.False(await store.AppendAsync(0, [Bytes("late"), Bytes("later")], Cancellation));
        Assert.Equal(["one"], (await store.ReadAsync(0, 10, Cancellation)).Select(r => Text(r.Data)));
    }

    [Fact]
    public async Task An_append_after_a_position_that_the_store_never_reached_says_that_it_was_cut_off()
    {
        var store = await OpenAsync(TimeProvider.System);
        await store.AppendAsync(0, [Bytes("one")], Cancellation);

        var failure = await Assert.ThrowsAsync<StoreException>(async () => await store.AppendAsync(5, [Bytes("six")], Cancellation));
        Assert.Contains("ends at record 1, but record 5 was read from it", failure.Message);
    }

    [Fact]
    public async Task What_one_handle_appends_another_reads()
    {
        var one = await OpenAsync(TimeProvider.System);
        var other = await OpenAsync(TimeProvider.System);

        await one.AppendAsync(0, [Bytes("from one")], Cancellation);
        Assert.True(await other.AppendAsync(1, [Bytes("from the other")], Cancellation));

        Assert.Equal(["from one", "from the other"], (await one.ReadAsync(0, 10, Cancellation)).Select(r => Text(r.Data)));
    }

    [Fact]
    public async Task Of_handles_that_append_at_once_exactly_one_wins_each_position()
    {
        IStore[] handles = [await OpenAsync(TimeProvider.System), await OpenAsync(TimeProvider.System), await OpenAsync(TimeProvider.System)];
        var won = await Task.WhenAll(handles.Select((store, writer) => Task.Run(() => AppendWinsAsync(store, writer, 60))));

        var read = await handles[0].ReadAsync(0, 1000, Cancellation);
        Assert.Equal(Enumerable.Range(1, 180).Select(i => (long)i), read.Select(r => r.Position));
        Assert.Equal(
            won.SelectMany(w => w).OrderBy(w => w.Position).Select(w => w.Text),
            read.Select(r => Text(r.Data)));
    }

    [Fact]
    public async Task Waiting_ends_at_once_where_there_is_something_to_read()
    {
        var store = await OpenAsync(TimeProvider.System);
        await store.AppendAsync(0, [Bytes("one"), Bytes("two")], Cancellation);

        await store.WaitAsync(1, Cancellation).AsTask().WaitAsync(Deadline);
    }

    [Fact]
    public async Task Waiting_ends_when_another_handle_appends()
    {
        var waiter = await OpenAsync(TimeProvider.System);
        var writer = await OpenAsync(TimeProvider.System);
        for (var position = 0; position < 50; position++)
        {
            var waiting = waiter.WaitAsync(position, Cancellation).AsTask();
            Assert.False(waiting.IsCompleted);
            await writer.AppendAsync(position, [Bytes("news")], Cancellation);
            await waiting.WaitAsync(Deadline);
        }
    }

    [Fact]
    public async Task Any_number_may_wait_on_one_handle_for_different_positions()
    {
        var store = await OpenAsync(TimeProvider.System);
        var waiting = Enumerable.Range(0, 10).Select(i => store.WaitAsync(i, Cancellation).AsTask()).ToArray();
        for (var position = 0; position < 10; position++)
        {
            await store.AppendAsync(position, [Bytes("news")], Cancellation);
            await waiting[position].WaitAsync(Deadline);
        }
    }

    [Fact]
    public async Task Waiting_can_be_cancelled_and_the_store_goes_on()
    {
        var store = await OpenAsync(TimeProvider.System);
        using var patience = new CancellationTokenSource();
        var waiting = store.WaitAsync(0, patience.Token).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Deadline));
        Assert.True(await store.AppendAsync(0, [Bytes("one")], Cancellation));
    }

    [Fact]
    public async Task A_cancelled_append_appends_nothing_when_it_was_cancelled_before()
    {
        var store = await OpenAsync(TimeProvider.System);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.AppendAsync(0, [Bytes("one")], cancelled));
        Assert.Empty(await store.ReadAsync(0, 10, Cancellation));
    }

    [Fact]
    public async Task A_lease_is_held_by_whoever_took_it_first()
    {
        var clock = new HandSetClock();
        var one = await OpenAsync(clock);
        var other = await OpenAsync(clock);

        var taken = await one.TryLeaseAsync("leader", "east-1", TimeSpan.FromSeconds(5), Cancellation);
        var refused = await other.TryLeaseAsync("leader", "west-1", TimeSpan.FromSeconds(5), Cancellation);

        Assert.Equal(new LeaseHolding("leader", "east-1", clock.GetUtcNow() + TimeSpan.FromSeconds(5)), taken);
        Assert.Equal(taken, refused);
    }

    [Fact]
    public async Task A_lease_that_is_renewed_does_not_run_out()
    {
        var clock = new HandSetClock();
        var one = await OpenAsync(clock);
        var other = await OpenAsync(clock);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("east-1", (await one.TryLeaseAsync("leader", "east-1", TimeSpan.FromSeconds(5), Cancellation)).Holder);
            clock.Move(TimeSpan.FromSeconds(4));
            Assert.Equal("east-1", (await other.TryLeaseAsync("leader", "west-1", TimeSpan.FromSeconds(5), Cancellation)).Holder);
        }
    }

    [Fact]
    public async Task A_lease_that_ran_out_goes_to_whoever_asks_and_its_old_holder_is_told()
    {
        var clock = new HandSetClock();
        var one = await OpenAsync(clock);
        var other = await OpenAsync(clock);
        await one.TryLeaseAsync("leader", "east-1", TimeSpan.FromSeconds(5), Cancellation);

        clock.Move(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("east-1", (await other.TryLeaseAsync("leader", "west-1", TimeSpan.FromSeconds(5), Cancellation)).Holder);
        clock.Move(TimeSpan.FromMilliseconds(1));
        Assert.Equal("west-1", (await other.TryLeaseAsync("leader", "west-1", TimeSpan.FromSeconds(5), Cancellation)).Holder);
        Assert.Equal("west-1", (await one.TryLeaseAsync("leader", "east-1", TimeSpan.FromSeconds(5), Cancellation)).Holder);
    }

    [Fact]
    public async Task A_released_lease_is_free_at_once_and_only_its_holder_can_release_it()
    {
        var clock = new HandSetClock();
        var store = await OpenAsync(clock);
        await store.TryLeaseAsync("leader", "east-1", TimeSpan.FromHours(1), Cancellation);

        await store.ReleaseAsync("leader", "west-1", Cancellation);
        Assert.Equal("east-1", (await store.TryLeaseAsync("leader", "west-1", TimeSpan.FromSeconds(5), Cancellation)).Holder);
        await store.ReleaseAsync("leader", "east-1", Cancellation);
        Assert.Equal("west-1", (await store.TryLeaseAsync("leader", "west-1", TimeSpan.FromSeconds(5), Cancellation)).Holder);
    }

    [Fact]
    public async Task Leases_of_different_names_have_nothing_to_do_with_each_other()
    {
        var store = await OpenAsync(new HandSetClock());

        Assert.Equal("east-1", (await store.TryLeaseAsync("leader", "east-1", TimeSpan.FromHours(1), Cancellation)).Holder);
        Assert.Equal("west-1", (await store.TryLeaseAsync("other", "west-1", TimeSpan.FromHours(1), Cancellation)).Holder);
    }

    [Fact]
    public async Task Of_many_that_ask_for_a_free_lease_at_once_one_gets_it()
    {
        var clock = new HandSetClock();
        IStore[] handles = [await OpenAsync(clock), await OpenAsync(clock), await OpenAsync(clock)];
        for (var round = 0; round < 20; round++)
        {
            var answers = await Task.WhenAll(handles.Select((store, i) => Task.Run(async () =>
                await store.TryLeaseAsync($"lease {round}", $"node {i}", TimeSpan.FromSeconds(5), Cancellation))));
            Assert.Single(answers.Select(a => a.Holder).Distinct());
        }
    }

    [Fact]
    public async Task Latest_values_are_overwritten_and_found_by_the_beginning_of_their_key()
    {
        var store = await OpenAsync(TimeProvider.System);
        var other = await OpenAsync(TimeProvider.System);
        await store.PutLatestAsync(Values(("lag/orders", "1"), ("lag/stock", "2"), ("marker/orders", "3")), Cancellation);
        await other.PutLatestAsync(Values(("lag/orders", "4")), Cancellation);

        var lag = await store.LatestAsync("lag/", Cancellation);

        Assert.Equal([("lag/orders", "4"), ("lag/stock", "2")], lag.OrderBy(v => v.Key).Select(v => (v.Key, Text(v.Value))));
        Assert.Equal(3, (await other.LatestAsync("", Cancellation)).Count);
        Assert.Empty(await store.LatestAsync("lag/orders/", Cancellation));
    }

    [Fact]
    public async Task A_key_may_hold_any_character_and_a_value_may_be_empty()
    {
        var store = await OpenAsync(TimeProvider.System);
        await store.PutLatestAsync(Values(("100%_*[é]", ""), ("100", "x")), Cancellation);

        var found = Assert.Single(await store.LatestAsync("100%_*[", Cancellation));
        Assert.Equal("100%_*[é]", found.Key);
        Assert.Empty(found.Value.ToArray());
    }

    [Fact]
    public async Task Latest_values_leave_no_record()
    {
        var store = await OpenAsync(TimeProvider.System);
        await store.PutLatestAsync(Values(("a", "1")), Cancellation);

        Assert.Empty(await store.ReadAsync(0, 10, Cancellation));
        Assert.True(await store.AppendAsync(0, [Bytes("one")], Cancellation));
    }

    private static async Task<List<(long Position, string Text)>> AppendWinsAsync(IStore store, int writer, int wins)
    {
        var won = new List<(long, string)>();
        var expected = 0L;
        while (won.Count < wins)
        {
            var text = $"{writer}: {won.Count}";
            if (await store.AppendAsync(expected, [Bytes(text)], Cancellation))
            {
                won.Add((++expected, text));
            }
            else
            {
                var news = await store.ReadAsync(expected, 1000, Cancellation);
                Assert.NotEmpty(news);
                expected = news[^1].Position;
            }
        }

        return won;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> data) => Encoding.UTF8.GetString(data.Span);

    private static Dictionary<string, ReadOnlyMemory<byte>> Values(params (string Key, string Value)[] values) =>
        values.ToDictionary(v => v.Key, v => (ReadOnlyMemory<byte>)Bytes(v.Value));
}
