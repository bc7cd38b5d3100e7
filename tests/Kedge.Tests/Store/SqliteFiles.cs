using System.Text;
using Kedge.Store;
using Kedge.Store.Sqlite;
using Xunit;

namespace Kedge.Tests.Store;

/// <summary>The store's files, and what befalls them.</summary>
public sealed class SqliteFiles : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kedge-files-");
    private readonly HandSetClock clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(folder.FullName, "state", "kedge.db");

    private static ReadOnlyMemory<byte>[] One { get; } = [Encoding.UTF8.GetBytes("{}")];

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Folder_and_files_are_for_their_owner_alone()
    {
        await using var store = await OpenAsync();
        await store.AppendAsync(0, One, Cancellation);

        Assert.Equal("700", Mode(Path.GetDirectoryName(Database)!));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Database)!))
        {
            Assert.Equal("600", Mode(file));
        }

        Assert.Equal(
            ["kedge.db", "kedge.db-shm", "kedge.db-wal", "reserve"],
            Directory.GetFiles(Path.GetDirectoryName(Database)!).Select(Path.GetFileName).Order());
        Assert.Equal(16 << 20, new FileInfo(Path.Combine(Path.GetDirectoryName(Database)!, "reserve")).Length);
    }

    [Fact]
    public async Task What_was_written_is_there_when_the_store_is_opened_again()
    {
        await using (var store = await OpenAsync())
        {
            await store.AppendAsync(0, One, Cancellation);
            await store.PutLatestAsync(new Dictionary<string, ReadOnlyMemory<byte>> { ["a"] = One[0] }, Cancellation);
            await store.TryLeaseAsync("leader", "east-1", TimeSpan.FromMinutes(1), Cancellation);
        }

        await using var again = await OpenAsync();
        Assert.Single(await again.ReadAsync(0, 10, Cancellation));
        Assert.Single(await again.LatestAsync("a", Cancellation));
        Assert.Equal("east-1", (await again.TryLeaseAsync("leader", "west-1", TimeSpan.FromMinutes(1), Cancellation)).Holder);
    }

    [Fact]
    public async Task Many_may_open_a_new_store_at_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(OpenAsync)));
        Assert.True(await stores[0].AppendAsync(0, One, Cancellation));
        foreach (var store in stores)
        {
            Assert.Single(await store.ReadAsync(0, 10, Cancellation));
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        var text = string.Concat(Enumerable.Repeat("not a database\n", 100));
        await File.WriteAllTextAsync(Database, text, Cancellation);

        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);

        Assert.Equal($"cannot open {Database}: file is not a database (SQLite code 26). This is not a Kedge store: name another file.", failure.Message);
        Assert.Equal(text, await File.ReadAllTextAsync(Database, Cancellation));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        Prepare("CREATE TABLE accounts (id INTEGER)");
        var before = await File.ReadAllBytesAsync(Database, Cancellation);

        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);

        Assert.Equal($"{Database} is an SQLite database, but not a Kedge store. Name another file.", failure.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database, Cancellation));
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        Prepare("PRAGMA user_version = 2");

        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);

        Assert.Equal(
            $"{Database} has format version 2; this Kedge knows versions up to 1. Use the Kedge that wrote it, or a newer one.",
            failure.Message);
    }

    [Fact]
    public async Task A_folder_where_the_file_should_be_is_refused()
    {
        Directory.CreateDirectory(Database);

        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);

        Assert.StartsWith($"cannot open {Database}: unable to open database file", failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_was_removed_or_replaced_while_it_was_open_takes_no_more_appends(bool replaced)
    {
        await using var store = await OpenAsync();
        await store.AppendAsync(0, One, Cancellation);
        File.Move(Database, Database + ".away");
        if (replaced)
        {
            File.Copy(Database + ".away", Database);
        }

        var failure = await Assert.ThrowsAsync<StoreException>(async () => await store.AppendAsync(1, One, Cancellation));

        Assert.StartsWith($"{Database} was removed or replaced while it was open", failure.Message);
    }

    [Fact]
    public async Task While_another_process_holds_the_lock_reads_go_on_and_appends_wait()
    {
        await using var store = await OpenAsync();
        using var other = SqliteConnection.Open(Database, TimeSpan.Zero);
        other.Execute("BEGIN IMMEDIATE");

        var append = store.AppendAsync(0, One, Cancellation).AsTask();
        Assert.Empty(await store.ReadAsync(0, 10, Cancellation));
        Assert.False(append.IsCompleted);
        other.Execute("ROLLBACK");

        Assert.True(await append.WaitAsync(Deadline));
    }

    [Fact]
    public async Task An_append_that_waits_for_the_lock_can_be_cancelled_and_is_not_made()
    {
        await using var store = await OpenAsync();
        using var other = SqliteConnection.Open(Database, TimeSpan.Zero);
        other.Execute("BEGIN IMMEDIATE");
        using var patience = new CancellationTokenSource();
        var append = store.AppendAsync(0, One, patience.Token).AsTask();
        var queued = store.AppendAsync(0, One, patience.Token).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append.WaitAsync(Deadline));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued.WaitAsync(Deadline));
        other.Execute("ROLLBACK");
        Assert.True(await store.AppendAsync(0, One, Cancellation));
        Assert.Single(await store.ReadAsync(0, 10, Cancellation));
    }

    [Fact]
    public async Task A_lock_that_is_never_given_up_is_reported_with_how_to_find_its_holder()
    {
        await using var store = await OpenAsync(SqliteSettings.Default with { LockTimeout = TimeSpan.FromMilliseconds(20) });
        using var other = SqliteConnection.Open(Database, TimeSpan.Zero);
        other.Execute("BEGIN IMMEDIATE");

        var failure = await Assert.ThrowsAsync<StoreException>(async () => await store.AppendAsync(0, One, Cancellation));

        Assert.Equal(
            $"cannot append to {Database}: database is locked (SQLite code 5). "
            + $"Process {Environment.ProcessId} holds it locked (see it with 'ps -o pid,stat,args {Environment.ProcessId}'): end a sqlite3 or backup that keeps a transaction open, let one that was stopped go on (kill -CONT {Environment.ProcessId}).",
            failure.Message);
        Assert.Equal(Environment.ProcessId, failure.LockedBy);
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_is_reported_and_what_was_asked_for_may_still_come()
    {
        await using var store = await OpenAsync();
        using var other = SqliteConnection.Open(Database, TimeSpan.Zero);
        other.Execute("BEGIN IMMEDIATE");
        var append = store.AppendAsync(0, One, Cancellation).AsTask();
        var again = store.AppendAsync(0, One, Cancellation).AsTask();

        clock.Move(TimeSpan.FromSeconds(31));

        var failure = await Assert.ThrowsAsync<StoreException>(() => append.WaitAsync(Deadline));
        Assert.Contains("the disk has not answered for 30 s, and what was asked for may still happen", failure.Message);
        await Assert.ThrowsAsync<StoreException>(() => again.WaitAsync(Deadline));
        other.Execute("ROLLBACK");
        await store.WaitAsync(0, Cancellation).AsTask().WaitAsync(Deadline);
        Assert.False(await store.AppendAsync(0, One, Cancellation));
        Assert.Single(await store.ReadAsync(0, 10, Cancellation));
    }

    [Fact]
    public async Task A_lease_taken_by_a_clock_that_was_far_ahead_ends_after_its_own_duration()
    {
        await using var store = await OpenAsync();
        clock.Move(TimeSpan.FromDays(4000));
        await store.TryLeaseAsync("leader", "east-1", TimeSpan.FromSeconds(5), Cancellation);
        clock.Move(TimeSpan.FromDays(-4000));

        var seen = await store.TryLeaseAsync("leader", "west-1", TimeSpan.FromSeconds(5), Cancellation);
        Assert.Equal(new LeaseHolding("leader", "east-1", clock.GetUtcNow() + TimeSpan.FromSeconds(5)), seen);
        clock.Move(TimeSpan.FromSeconds(5));
        Assert.Equal("west-1", (await store.TryLeaseAsync("leader", "west-1", TimeSpan.FromSeconds(5), Cancellation)).Holder);
    }

    [Fact]
    public async Task A_store_that_was_disposed_says_so_and_lets_waiters_go()
    {
        var store = await OpenAsync();
        var waiting = store.WaitAsync(0, Cancellation).AsTask();
        await store.DisposeAsync();
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Deadline));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.AppendAsync(0, One, Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.ReadAsync(0, 1, Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.WaitAsync(0, Cancellation));
    }

    [Fact]
    public async Task An_append_of_nothing_is_a_mistake_of_the_caller()
    {
        await using var store = await OpenAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.AppendAsync(0, [], Cancellation));
    }

    [Fact]
    public async Task The_log_does_not_grow_without_end()
    {
        await using var store = await OpenAsync();
        var record = new ReadOnlyMemory<byte>[] { new byte[2000] };
        for (var position = 0; position < 2000; position++)
        {
            await store.AppendAsync(position, record, Cancellation);
        }

        Assert.InRange(new FileInfo(Database + "-wal").Length, 1, 4 << 20);
        Assert.InRange(new FileInfo(Database).Length, 2 << 20, 12 << 20);
    }

    [Fact]
    public async Task Without_notices_of_changes_the_watch_looks_by_itself()
    {
        using var watch = new ChangeWatch(Path.Combine(folder.FullName, "absent"));
        for (var i = 0; i < 3; i++)
        {
            await watch.Next().WaitAsync(Deadline);
        }
    }

    private Task<SqliteStore> OpenAsync() => OpenAsync(SqliteSettings.Default);

    private Task<SqliteStore> OpenAsync(SqliteSettings settings) => SqliteStore.OpenAsync(Database, clock, settings, Cancellation);

    private void Prepare(string sql)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        File.Open(Database, FileMode.OpenOrCreate).Dispose();
        using var connection = SqliteConnection.Open(Database, TimeSpan.Zero);
        connection.Execute(sql);
    }

    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
