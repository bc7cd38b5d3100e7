using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

/// <summary>
/// A server, or the way to it, that fails in the middle: what is stored is whole or not there, what is read is right or an
/// error, and trying again sets it right.
/// </summary>
public abstract class ServerFaults : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private readonly List<BackendRetry> retries = [];

    private protected FaultyForwarder Way { get; private set; } = null!;

    /// <summary>Through the faulty way, one attempt an operation.</summary>
    private protected IBackend Once { get; private set; } = null!;

    /// <summary>Through the faulty way, with retries whose waits take no time.</summary>
    private protected IBackend Again { get; private set; } = null!;

    /// <summary>Past the faults.</summary>
    private protected IBackend Direct { get; private set; } = null!;

    private protected abstract Task<Uri> StartAsync();

    private protected abstract IBackend Open(Uri server, TimeSpan stallLimit);

    public async ValueTask InitializeAsync()
    {
        var server = await StartAsync();
        Way = new(server);
        Direct = Open(server, TimeSpan.FromMinutes(1));
        Once = Open(Way.Address, TimeSpan.FromMinutes(1));
        Again = new RetryingBackend(Open(Way.Address, TimeSpan.FromMinutes(1)), new(TimeSpan.FromMinutes(15), Told, new(1), clock));
        await Direct.PrepareAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in new[] { Direct, Once, Again }.Where(b => b is not null))
        {
            await backend.DisposeAsync();
        }

        if (Way is not null)
        {
            await Way.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    public static TheoryData<int> TornAfter => [1, 100_000, 1_048_575];

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_server_that_is_overloaded_is_asked_again(int status)
    {
        var pack = TestObject.Random(ObjectKind.Pack, 1 << 20);
        foreach (var method in new[] { SaveMethod, "GET", "HEAD", "DELETE" })
        {
            Way.Next(method, new(FaultKind.Refuse, status), times: 3);
        }

        await TestBackends.FailsAsync(VaultFault.Unavailable, () => pack.SaveAsync(Once));
        await pack.SaveAsync(Again);
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => Once.ReadAsync(pack.Name, 5, 10));
        Assert.Equal(pack.Content[5..15], await Again.ReadAsync(pack.Name, 5, 10));
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => Once.LengthAsync(pack.Name, CancellationToken.None));
        Assert.Equal(pack.Content.Length, await Again.LengthAsync(pack.Name, CancellationToken.None));
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => Once.RemoveAsync(pack.Name, CancellationToken.None));
        await Again.RemoveAsync(pack.Name, CancellationToken.None);
        Assert.Equal(0, Way.Left);
        Assert.Empty(await Direct.ListAllAsync(ObjectKind.Pack));
        // Nobody is asked again at once, and everybody is told.
        Assert.All(retries, r => Assert.InRange(r.Wait, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(2)));
        Assert.Contains(retries, r => r is { Operation: "save", Attempt: 2 } && r.Object == pack.Name);
    }

    [Theory]
    [MemberData(nameof(TornAfter))]
    public async Task An_upload_that_is_torn_leaves_nothing_and_the_next_one_is_whole(int bytes)
    {
        var pack = TestObject.Random(ObjectKind.Pack, 1 << 20);
        Way.Next(SaveMethod, new(FaultKind.CutRequest, bytes), times: 2);
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => pack.SaveAsync(Once));
        await TestBackends.FailsAsync(VaultFault.NotFound, () => Direct.LengthAsync(pack.Name, CancellationToken.None));
        Assert.Empty(await Direct.ListAllAsync(ObjectKind.Pack));
        await pack.SaveAsync(Again);
        Assert.Equal(0, Way.Left);
        Assert.Equal(pack.Content, await Direct.ReadAllAsync(pack.Name));
    }

    [Theory]
    [InlineData(ObjectKind.Config)]
    [InlineData(ObjectKind.Snapshot)]
    [InlineData(ObjectKind.Pack)]
    public async Task An_upload_whose_answer_is_lost_succeeds_with_the_next_attempt(ObjectKind kind)
    {
        var stored = TestObject.Random(kind, 2 << 20);
        Way.Next(SaveMethod, new(FaultKind.LoseAnswer));
        await stored.SaveAsync(Again);
        Assert.Single(retries);
        Assert.Equal(stored.Content, await Direct.ReadAllAsync(stored.Name));
        // But who stores it anew is told that it is there.
        await TestBackends.FailsAsync(VaultFault.AlreadyExists, () => stored.SaveAsync(Again));
    }

    [Fact]
    public async Task A_removal_whose_answer_is_lost_succeeds_with_the_next_attempt()
    {
        var pack = TestObject.Random(ObjectKind.Pack, 1_000);
        await pack.SaveAsync(Direct);
        // .NET itself asks up to four times where no body was sent and not a byte came back.
        Way.Next("DELETE", new(FaultKind.LoseAnswer), times: 4);
        await Again.RemoveAsync(pack.Name, CancellationToken.None);
        Assert.Single(retries);
        Assert.Equal(0, Way.Left);
        await TestBackends.FailsAsync(VaultFault.NotFound, () => Again.RemoveAsync(pack.Name, CancellationToken.None));
    }

    [Theory]
    [InlineData(FaultKind.CutAnswer, 0)]
    [InlineData(FaultKind.CutAnswer, 1)]
    [InlineData(FaultKind.CutAnswer, 499_999)]
    [InlineData(FaultKind.ShortenAnswer, 0)]
    [InlineData(FaultKind.ShortenAnswer, 499_999)]
    [InlineData(FaultKind.Garbage, 0)]
    public async Task An_answer_that_is_not_whole_is_never_taken_for_one(object kind, int bytes)
    {
        var pack = TestObject.Random(ObjectKind.Pack, 1 << 20);
        await pack.SaveAsync(Direct);
        Way.Next("GET", new((FaultKind)kind, bytes), times: 3);
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => Once.ReadAsync(pack.Name, 100, 500_000));
        Assert.Equal(pack.Content[100..500_100], await Again.ReadAsync(pack.Name, 100, 500_000));
        Assert.Equal(2, retries.Count);
    }

    [Fact]
    public async Task A_list_that_is_cut_off_is_told_whole_and_without_repetition_with_the_next_attempt()
    {
        var packs = Enumerable.Range(0, 300).Select(i => TestObject.Random(ObjectKind.Pack, 10, i)).ToList();
        await Parallel.ForEachAsync(packs, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (p, _) => await p.SaveAsync(Direct));
        Way.Next("GET", new(FaultKind.CutAnswer, 20_000), times: 3);
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => Once.ListAllAsync(ObjectKind.Pack));
        Assert.Equal(packs.Select(p => p.Stored).ToHashSet(), await Again.ListAllAsync(ObjectKind.Pack));
        Assert.Equal(2, retries.Count);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("save")]
    [InlineData("HEAD")]
    public async Task A_server_that_goes_silent_is_given_up(string method)
    {
        var pack = TestObject.Random(ObjectKind.Pack, 1 << 20);
        await using var impatient = Open(Way.Address, TimeSpan.FromMilliseconds(200));
        Way.Next(method == "save" ? SaveMethod : method, new(FaultKind.Silence));
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => method switch
        {
            "GET" => impatient.ReadAsync(pack.Name, 0, 10),
            "HEAD" => impatient.LengthAsync(pack.Name, CancellationToken.None),
            _ => pack.SaveAsync(impatient),
        });
    }

    [Fact]
    public async Task Who_cancels_while_the_server_is_silent_is_not_told_of_a_failure()
    {
        var pack = TestObject.Random(ObjectKind.Pack, 10);
        Way.Next("GET", new(FaultKind.Silence));
        using var source = new CancellationTokenSource();
        var reading = Again.ReadAsync(pack.Name, 0, new byte[10], source.Token);
        Assert.True(SpinWait.SpinUntil(() => Way.Left == 0, TimeSpan.FromSeconds(30)));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Empty(retries);
    }

    [Fact]
    public async Task Where_nobody_listens_it_is_tried_until_the_time_is_over()
    {
        await using var nowhere = new RetryingBackend(
            Open(new($"http://127.0.0.1:{ServerProcess.FreePort()}/"), TimeSpan.FromMinutes(1)), new(TimeSpan.FromMinutes(15), Told, new(1), clock));
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => nowhere.LengthAsync(ObjectName.Config, CancellationToken.None));
        Assert.InRange(retries.Count, 25, 60);
        Assert.InRange(clock.GetTimestamp(), TimeSpan.FromMinutes(14).Ticks, TimeSpan.FromMinutes(15).Ticks);
    }

    private protected abstract string SaveMethod { get; }

    private void Told(BackendRetry retry)
    {
        lock (retries)
        {
            retries.Add(retry);
        }
    }
}
