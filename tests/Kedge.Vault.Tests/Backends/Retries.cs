using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

/// <summary>What does not need a network to be seen; the rest is in <see cref="ServerFaults"/>.</summary>
public sealed class Retries : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private readonly ManualClock clock = new();
    private readonly List<BackendRetry> told = [];
    private readonly TestObject pack = TestObject.Random(ObjectKind.Pack, 1000);
    private FakeFailingBackend failing = null!;

    public async ValueTask InitializeAsync()
    {
        failing = new(VaultLocation.Parse(folder.Path).OpenBare(new(), TimeProvider.System));
        await failing.PrepareAsync(CancellationToken.None);
        await pack.SaveAsync(failing);
    }

    public async ValueTask DisposeAsync()
    {
        await failing.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData(VaultFault.NotFound)]
    [InlineData(VaultFault.Damaged)]
    [InlineData(VaultFault.Denied)]
    [InlineData(VaultFault.NoSpace)]
    [InlineData(VaultFault.AlreadyExists)]
    [InlineData(VaultFault.Misuse)]
    public async Task Are_not_made_where_they_would_not_help(VaultFault fault)
    {
        var backend = Retrying(TimeSpan.FromMinutes(15));
        foreach (var work in new Func<Task>[]
        {
            () => backend.ReadAsync(pack.Name, 0, 10),
            () => pack.SaveAsync(backend),
            () => backend.LengthAsync(pack.Name, CancellationToken.None),
            () => backend.RemoveAsync(pack.Name, CancellationToken.None),
            () => backend.ListAllAsync(ObjectKind.Pack),
        })
        {
            failing.Failures.Enqueue(fault);
            await TestBackends.FailsAsync(fault, work);
        }

        Assert.Empty(told);
    }

    [Fact]
    public async Task Wait_longer_each_time_but_never_very_long()
    {
        for (var i = 0; i < 12; i++)
        {
            failing.Failures.Enqueue(VaultFault.Unavailable);
        }

        Assert.Equal(pack.Content[..10], await Retrying(TimeSpan.FromMinutes(15)).ReadAsync(pack.Name, 0, 10));
        Assert.Equal(Enumerable.Range(1, 12), told.Select(t => t.Attempt));
        Assert.Equal(told.Select(t => (long)t.Wait.TotalMilliseconds), clock.Waits.Select(w => (long)w.TotalMilliseconds));
        foreach (var (wait, index) in clock.Waits.Select((w, i) => (w, i)))
        {
            var middle = Math.Min(0.5 * Math.Pow(2, index), 30);
            Assert.InRange(wait.TotalSeconds, middle * 0.5, middle * 1.5);
        }
    }

    [Fact]
    public async Task End_with_the_failure_once_their_time_is_over()
    {
        for (var i = 0; i < 1000; i++)
        {
            failing.Failures.Enqueue(VaultFault.Unavailable);
        }

        await TestBackends.FailsAsync(VaultFault.Unavailable, () => Retrying(TimeSpan.FromSeconds(20)).LengthAsync(pack.Name, CancellationToken.None));
        Assert.InRange(clock.GetTimestamp(), 1, TimeSpan.FromSeconds(20).Ticks);
        var before = failing.Attempts;
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => Retrying(TimeSpan.Zero).LengthAsync(pack.Name, CancellationToken.None));
        Assert.Equal(before + 1, failing.Attempts);
    }

    /// <summary>Only a retry may have stored it itself; and only what is the same may be taken for it.</summary>
    [Fact]
    public async Task Of_saving_take_what_is_there_for_their_own_only_where_it_is_the_same()
    {
        var config = TestObject.Random(ObjectKind.Config, 100);
        var backend = Retrying(TimeSpan.FromMinutes(1));
        await config.SaveAsync(backend);
        await TestBackends.FailsAsync(VaultFault.AlreadyExists, () => config.SaveAsync(backend));
        failing.Failures.Enqueue(VaultFault.Unavailable);
        await config.SaveAsync(backend);
        foreach (var other in new[] { TestObject.Random(ObjectKind.Config, 100, seed: 2), TestObject.Random(ObjectKind.Config, 50) })
        {
            failing.Failures.Enqueue(VaultFault.Unavailable);
            await TestBackends.FailsAsync(VaultFault.AlreadyExists, () => other.SaveAsync(backend));
        }

        Assert.Equal(config.Content, await backend.ReadAllAsync(ObjectName.Config));
    }

    private RetryingBackend Retrying(TimeSpan retryFor) => new(failing, new(retryFor, told.Add, new(1), clock));
}
