using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

/// <summary>What every backend promises (IBackend), tried on real storage that is empty before each test.</summary>
public abstract class BackendContract : IAsyncLifetime
{
    private protected IBackend Backend { get; private set; } = null!;

    /// <summary>A backend on a new place, not prepared yet.</summary>
    private protected abstract Task<IBackend> OpenAsync();

    /// <summary>A stock restic at the same place.</summary>
    private protected abstract Restic ResticThere(string version, string password);

    /// <summary>Another backend at the same place.</summary>
    private protected abstract IBackend OpenAgain();

    public async ValueTask InitializeAsync() => Backend = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        // Null where the test was skipped.
        if (Backend is not null)
        {
            await Backend.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Preparing_may_be_repeated_and_leaves_what_is_there()
    {
        await Backend.PrepareAsync(CancellationToken.None);
        var pack = TestObject.Random(ObjectKind.Pack, 100);
        await pack.SaveAsync(Backend);
        await Backend.PrepareAsync(CancellationToken.None);
        Assert.Equal(pack.Content, await Backend.ReadAllAsync(pack.Name));
    }

    [Theory]
    [InlineData(ObjectKind.Config)]
    [InlineData(ObjectKind.Key)]
    [InlineData(ObjectKind.Lock)]
    [InlineData(ObjectKind.Snapshot)]
    [InlineData(ObjectKind.Index)]
    [InlineData(ObjectKind.Pack)]
    public async Task What_was_stored_is_read_listed_and_removed(ObjectKind kind)
    {
        await Backend.PrepareAsync(CancellationToken.None);
        Assert.Empty(await Backend.ListAllAsync(kind));
        var stored = TestObject.Random(kind, 300_000);
        await stored.SaveAsync(Backend);
        Assert.Equal(stored.Content, await Backend.ReadAllAsync(stored.Name));
        Assert.Equal([stored.Stored], await Backend.ListAllAsync(kind));
        await using (var other = OpenAgain())
        {
            Assert.Equal(stored.Content, await other.ReadAllAsync(stored.Name));
        }

        await Backend.RemoveAsync(stored.Name, CancellationToken.None);
        await IsMissingAsync(stored.Name);
        Assert.Empty(await Backend.ListAllAsync(kind));
        // Its name is free again.
        await stored.SaveAsync(Backend);
        Assert.Equal(stored.Content, await Backend.ReadAllAsync(stored.Name));
    }

    [Theory]
    [InlineData(ObjectKind.Config)]
    [InlineData(ObjectKind.Snapshot)]
    [InlineData(ObjectKind.Pack)]
    public async Task What_is_not_there_is_not_found(ObjectKind kind)
    {
        await Backend.PrepareAsync(CancellationToken.None);
        await IsMissingAsync(TestObject.Random(kind, 10).Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 << 20)]
    [InlineData((40 << 20) + 1)]
    public async Task Objects_of_any_length_stay_as_they_are(int length)
    {
        await Backend.PrepareAsync(CancellationToken.None);
        var pack = TestObject.Random(ObjectKind.Pack, length);
        await pack.SaveAsync(Backend);
        Assert.Equal(length, await Backend.LengthAsync(pack.Name, CancellationToken.None));
        AssertSame(pack.Content, await Backend.ReadAllAsync(pack.Name));
    }

    [Fact]
    public async Task Any_part_can_be_read()
    {
        await Backend.PrepareAsync(CancellationToken.None);
        var pack = TestObject.Random(ObjectKind.Pack, 1 << 20);
        await pack.SaveAsync(Backend);
        var random = new Random(2);
        for (var i = 0; i < 40; i++)
        {
            var offset = random.Next(pack.Content.Length);
            var count = random.Next(pack.Content.Length - offset + 1);
            AssertSame(pack.Content.AsMemory(offset, count), await Backend.ReadAsync(pack.Name, offset, count));
        }

        Assert.Empty(await Backend.ReadAsync(pack.Name, pack.Content.Length, 0));
    }

    [Theory]
    [InlineData(ObjectKind.Config, 0, 1001)]
    [InlineData(ObjectKind.Pack, 0, 1001)]
    [InlineData(ObjectKind.Pack, 999, 2)]
    [InlineData(ObjectKind.Pack, 1000, 1)]
    [InlineData(ObjectKind.Pack, 1001, 0)]
    [InlineData(ObjectKind.Snapshot, 1L << 40, 1)]
    public async Task What_is_shorter_than_asked_for_is_damaged(ObjectKind kind, long offset, int count)
    {
        await Backend.PrepareAsync(CancellationToken.None);
        var stored = TestObject.Random(kind, 1000);
        await stored.SaveAsync(Backend);
        await TestBackends.FailsAsync(VaultFault.Damaged, () => Backend.ReadAsync(stored.Name, offset, count));
    }

    [Theory]
    [InlineData(ObjectKind.Config)]
    [InlineData(ObjectKind.Key)]
    [InlineData(ObjectKind.Lock)]
    [InlineData(ObjectKind.Pack)]
    public async Task Nothing_is_overwritten(ObjectKind kind)
    {
        await Backend.PrepareAsync(CancellationToken.None);
        var first = TestObject.Random(kind, 200_000);
        await first.SaveAsync(Backend);
        var second = kind == ObjectKind.Config ? TestObject.Random(kind, 200_000, seed: 2) : first;
        await TestBackends.FailsAsync(VaultFault.AlreadyExists, () => second.SaveAsync(Backend));
        Assert.Equal(first.Content, await Backend.ReadAllAsync(first.Name));
        Assert.Equal([first.Stored], await Backend.ListAllAsync(kind));
    }

    [Fact]
    public async Task Of_several_who_store_a_config_at_the_same_time_one_succeeds()
    {
        await Backend.PrepareAsync(CancellationToken.None);
        var configs = Enumerable.Range(1, 8).Select(seed => TestObject.Random(ObjectKind.Config, 150, seed)).ToList();
        var results = await Task.WhenAll(configs.Select(async c =>
        {
            try
            {
                await Task.Run(() => c.SaveAsync(Backend));
                return c;
            }
            catch (VaultException e) when (e.Fault == VaultFault.AlreadyExists)
            {
                return null;
            }
        }));
        var winner = Assert.Single(results, r => r is not null);
        Assert.Equal(winner!.Content, await Backend.ReadAllAsync(ObjectName.Config));
    }

    [Fact]
    public async Task All_are_listed_however_many()
    {
        await Backend.PrepareAsync(CancellationToken.None);
        var packs = Enumerable.Range(0, 1_100).Select(i => TestObject.Random(ObjectKind.Pack, 1 + (i % 50), i)).DistinctBy(p => p.Name).ToList();
        await Parallel.ForEachAsync(packs, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (p, _) => await p.SaveAsync(Backend));
        await TestObject.Random(ObjectKind.Index, 10).SaveAsync(Backend);
        Assert.Equal(packs.Select(p => p.Stored).ToHashSet(), await Backend.ListAllAsync(ObjectKind.Pack));
        Assert.Single(await Backend.ListAllAsync(ObjectKind.Index));
    }

    [Fact]
    public async Task Many_at_the_same_time_do_not_disturb_each_other()
    {
        await Backend.PrepareAsync(CancellationToken.None);
        await Parallel.ForEachAsync(Enumerable.Range(0, 120), new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (i, _) =>
        {
            var pack = TestObject.Random(ObjectKind.Pack, 1_000 + (i * 997), i);
            await pack.SaveAsync(Backend);
            for (var k = 0; k < 5; k++)
            {
                AssertSame(pack.Content.AsMemory(k * 100, 500), await Backend.ReadAsync(pack.Name, k * 100, 500));
            }

            if (i % 3 == 0)
            {
                await Backend.RemoveAsync(pack.Name, CancellationToken.None);
                await IsMissingAsync(pack.Name);
            }
        });
        Assert.Equal(80, (await Backend.ListAllAsync(ObjectKind.Pack)).Count);
    }

    [Fact]
    public async Task What_is_cancelled_does_nothing()
    {
        await Backend.PrepareAsync(CancellationToken.None);
        var there = TestObject.Random(ObjectKind.Snapshot, 100);
        await there.SaveAsync(Backend);
        var cancelled = new CancellationToken(canceled: true);
        var pack = TestObject.Random(ObjectKind.Pack, 100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Backend.SaveAsync(pack.Name, pack.Content, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Backend.ReadAsync(there.Name, 0, new byte[100], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Backend.LengthAsync(there.Name, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Backend.RemoveAsync(there.Name, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Backend.ListAsync(ObjectKind.Snapshot, cancelled).ToListAsync());
        await IsMissingAsync(pack.Name);
        Assert.Equal(there.Content, await Backend.ReadAllAsync(there.Name));
    }

    /// <summary>Names, folders and content are where restic has them, and the other way round.</summary>
    [Theory]
    [InlineData("0.14")]
    [InlineData("0.18")]
    public async Task A_repository_of_restic_that_was_copied_object_by_object_is_whole_for_restic(string version)
    {
        using var folder = new TestFolder();
        var (here, files) = (Path.Join(folder.Path, "here"), Path.Join(folder.Path, "files"));
        Directory.CreateDirectory(files);
        for (var i = 0; i < 20; i++)
        {
            await File.WriteAllBytesAsync(Path.Join(files, $"{i}"), TestObject.Random(ObjectKind.Pack, 50_000 * i, i).Content);
        }

        using var restic = new Restic(version, here, "secret");
        (await restic.RunAsync("init")).Succeeded();
        (await restic.RunAsync("backup", files)).Succeeded();

        await using var source = VaultLocation.Parse(here).Open(new(), TimeProvider.System);
        await Backend.PrepareAsync(CancellationToken.None);
        foreach (var kind in TestObject.NamedKinds.Append(ObjectKind.Config))
        {
            await foreach (var found in source.ListAsync(kind, CancellationToken.None))
            {
                await Backend.SaveAsync(found.Name, await source.ReadAllAsync(found.Name), CancellationToken.None);
            }
        }

        using var there = ResticThere(version, "secret");
        (await there.RunAsync("check", "--read-data")).Succeeded();
        await File.WriteAllTextAsync(Path.Join(files, "more"), "more");
        (await there.RunAsync("backup", files)).Succeeded();
        Assert.Equal(2, (await Backend.ListAllAsync(ObjectKind.Snapshot)).Count);
        Assert.Empty(await Backend.ListAllAsync(ObjectKind.Lock));
    }

    private static void AssertSame(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> actual) =>
        Assert.True(expected.Span.SequenceEqual(actual.Span), "other bytes than were stored");

    private async Task IsMissingAsync(ObjectName name)
    {
        await TestBackends.FailsAsync(VaultFault.NotFound, () => Backend.LengthAsync(name, CancellationToken.None));
        await TestBackends.FailsAsync(VaultFault.NotFound, () => Backend.ReadAsync(name, 0, 1));
        await TestBackends.FailsAsync(VaultFault.NotFound, () => Backend.ReadAsync(name, 0, 0));
        await TestBackends.FailsAsync(VaultFault.NotFound, () => Backend.RemoveAsync(name, CancellationToken.None));
    }
}
