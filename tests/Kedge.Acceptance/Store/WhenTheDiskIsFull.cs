using Kedge.Store;
using Kedge.Store.Sqlite;
using Kedge.Tests.Store;
using Xunit;

namespace Kedge.Acceptance.Store;

public sealed class WhenTheDiskIsFull : IDisposable
{
    private const int Reserve = 4 << 20;

    private readonly SmallDisk disk = new(24 << 20);
    private readonly HandSetClock clock = new();
    private readonly List<long> released = [];
    private readonly byte[] record = new byte[3000];
    private long acknowledged;

    private string Database => Path.Combine(disk.Folder, "state", "kedge.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => disk.Dispose();

    [Fact]
    public async Task The_reserve_lets_a_recovery_finish_and_comes_back_once_there_is_room()
    {
        await using var store = await OpenAsync();
        Assert.True(store.ReserveIsWhole);
        disk.Fill();

        // More than enough for a recovery: a run of a thousand steps journals some hundred kilobytes.
        while (acknowledged < 200)
        {
            await AppendAsync(store);
        }

        Assert.False(store.ReserveIsWhole);
        await UntilAsync(() => released.Count > 0);
        Assert.Equal([Reserve], released);
        disk.MakeRoom();
        clock.Move(TimeSpan.FromSeconds(11));
        await AppendAsync(store);
        await UntilAsync(() => store.ReserveIsWhole);
        await AppendAsync(store);
        Assert.Equal([Reserve], released);
    }

    [Fact]
    public async Task When_the_reserve_is_used_up_too_the_operator_is_told_and_nothing_acknowledged_is_lost()
    {
        await using (var store = await OpenAsync())
        {
            disk.Fill();

            var failure = await Assert.ThrowsAsync<StoreException>(() => FillUpAsync(store));

            Assert.StartsWith($"cannot append to {Database}: database or disk is full (SQLite code 13).", failure.Message);
            Assert.Contains("Free space on the file system of", failure.Message);
            await Assert.ThrowsAsync<StoreException>(() => AppendAsync(store));
            await AssertAllIsThereAsync(store);

            disk.MakeRoom();
            await AppendAsync(store);
            await AssertAllIsThereAsync(store);
        }

        await using var again = await OpenAsync();
        await AssertAllIsThereAsync(again);
    }

    [Fact]
    public async Task A_store_opens_on_a_full_disk_and_reads()
    {
        await using (var store = await OpenAsync())
        {
            disk.Fill();
            await Assert.ThrowsAsync<StoreException>(() => FillUpAsync(store));
        }

        await using var again = await OpenAsync();
        await AssertAllIsThereAsync(again);
        Assert.False(again.ReserveIsWhole);
    }

    [Fact]
    public async Task Latest_values_do_not_cost_the_reserve()
    {
        await using var store = await OpenAsync();
        disk.Fill();

        var failure = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                await store.PutLatestAsync(
                    new Dictionary<string, ReadOnlyMemory<byte>> { [$"{i}"] = record }, Cancellation);
            }
        });

        Assert.StartsWith($"cannot write latest values to {Database}:", failure.Message);
        Assert.True(store.ReserveIsWhole);
        await AppendAsync(store);
    }

    [Fact]
    public async Task Two_processes_on_the_store_share_the_reserve()
    {
        await using var store = await OpenAsync();
        await using var other = await OpenAsync();
        disk.Fill();
        while (store.ReserveIsWhole)
        {
            await AppendAsync(store);
        }

        await AppendAsync(other);
        await AppendAsync(store);
        await UntilAsync(() => released.Count > 0);
        Assert.Equal([Reserve], released);

        // The one that gave it up ends; the other takes it anew.
        await store.DisposeAsync();
        disk.MakeRoom();
        clock.Move(TimeSpan.FromSeconds(11));
        await AppendAsync(other);
        await UntilAsync(() => other.ReserveIsWhole);
    }

    private async Task<SqliteStore> OpenAsync()
    {
        var store = await SqliteStore.OpenAsync(
            Database, clock, SqliteSettings.Default with { ReserveBytes = Reserve }, Cancellation);
        store.ReserveReleased += bytes =>
        {
            lock (released)
            {
                released.Add(bytes);
            }
        };
        return store;
    }

    private async Task AppendAsync(SqliteStore store)
    {
        Assert.True(await store.AppendAsync(acknowledged, [record], Cancellation));
        acknowledged++;
    }

    private async Task FillUpAsync(SqliteStore store)
    {
        while (acknowledged < 10_000)
        {
            await AppendAsync(store);
        }
    }

    private async Task AssertAllIsThereAsync(SqliteStore store)
    {
        var read = await store.ReadAsync(0, 20_000, Cancellation);
        Assert.Equal(acknowledged, read.Count);
        Assert.All(read, r => Assert.Equal(record, r.Data.ToArray()));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(1, deadline.Token);
        }
    }
}
