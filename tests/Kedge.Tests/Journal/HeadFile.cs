using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Tests.Store;
using Xunit;

namespace Kedge.Tests.Journal;

public sealed class HeadFile : IDisposable
{
    private static readonly string Hash = new('a', 64);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kedge-head-");

    private string File => Path.Combine(folder.FullName, "head");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Nothing_is_remembered_before_the_first_append()
    {
        await using var keeper = new FileHeadKeeper(File, TimeProvider.System);
        Assert.Null(await keeper.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task The_newest_of_many_heads_is_there_once_the_keeper_is_disposed()
    {
        var keeper = new FileHeadKeeper(File, new HandSetClock());
        for (var i = 1; i <= 100; i++)
        {
            await keeper.KeepAsync(new JournalHead(i, Hash), Cancellation);
        }

        await keeper.DisposeAsync();

        Assert.Equal(new JournalHead(100, Hash), await keeper.ReadAsync(Cancellation));
        Assert.Equal($$"""{"position":100,"hash":"{{Hash}}"}""" + "\n", await System.IO.File.ReadAllTextAsync(File, Cancellation));
        Assert.Single(folder.GetFiles());
    }

    [Fact]
    public async Task A_head_is_written_by_itself_while_the_process_lives()
    {
        var clock = new HandSetClock();
        await using var keeper = new FileHeadKeeper(File, clock);
        await keeper.KeepAsync(new JournalHead(1, Hash), Cancellation);
        await UntilAsync(async () => await keeper.ReadAsync(Cancellation) is { Position: 1 });

        await keeper.KeepAsync(new JournalHead(2, Hash), Cancellation);
        await UntilAsync(async () =>
        {
            clock.Move(TimeSpan.FromMilliseconds(250));
            return await keeper.ReadAsync(Cancellation) is { Position: 2 };
        });
    }

    [Fact]
    public async Task What_killed_processes_left_half_written_is_removed()
    {
        await System.IO.File.WriteAllTextAsync(File + ".999999999.tmp", "{", Cancellation);
        await System.IO.File.WriteAllTextAsync(File + ".1.tmp", "{", Cancellation);
        await using (var keeper = new FileHeadKeeper(File, TimeProvider.System))
        {
            await keeper.KeepAsync(new JournalHead(1, Hash), Cancellation);
        }

        Assert.Equal(["head", "head.1.tmp"], folder.GetFiles().Select(f => f.Name).Order());
    }

    [Fact]
    public async Task It_never_goes_back_behind_what_another_process_kept()
    {
        await using (var other = new FileHeadKeeper(File, TimeProvider.System))
        {
            await other.KeepAsync(new JournalHead(12, Hash), Cancellation);
        }

        await using (var keeper = new FileHeadKeeper(File, TimeProvider.System))
        {
            await keeper.KeepAsync(new JournalHead(11, new string('b', 64)), Cancellation);
        }

        await using var reader = new FileHeadKeeper(File, TimeProvider.System);
        Assert.Equal(new JournalHead(12, Hash), await reader.ReadAsync(Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"position\":12,\"hash\":\"aa")]
    [InlineData("{\"position\":12}")]
    [InlineData("{\"position\":0,\"hash\":\"\"}")]
    [InlineData("null")]
    public async Task A_damaged_file_is_not_taken_for_none(string content)
    {
        await System.IO.File.WriteAllTextAsync(File, content, Cancellation);
        await using var keeper = new FileHeadKeeper(File, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<InvalidDataException>(async () => await keeper.ReadAsync(Cancellation));
        Assert.StartsWith($"{File} does not hold the head of a journal", failure.Message);
    }

    [Fact]
    public async Task That_a_head_could_not_be_written_is_told_with_the_next()
    {
        var keeper = new FileHeadKeeper(Path.Combine(folder.FullName, "gone", "head"), new HandSetClock());
        await keeper.KeepAsync(new JournalHead(1, Hash), Cancellation);

        await UntilAsync(async () =>
        {
            try
            {
                await keeper.KeepAsync(new JournalHead(2, Hash), Cancellation);
                return false;
            }
            catch (IOException failure)
            {
                return failure.Message.Contains("could not be kept in");
            }
        });
        await Assert.ThrowsAnyAsync<IOException>(async () => await keeper.DisposeAsync());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(1, deadline.Token);
        }
    }
}
