using Kedge.Vault.Check;
using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Prune;
using Kedge.Vault.Restore;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Browse;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Upkeep;

/// <summary>A vault with files beside it that are backed up into it, and what one does with such a vault.</summary>
internal sealed class UpkeepGround : IAsyncDisposable
{
    private readonly List<(StoredSnapshot Snapshot, string[] Files)> known = [];
    private int seed = 100;

    private UpkeepGround(FolderVault vault, HandSetClock clock) => (Folder, Clock) = (vault, clock);

    internal FolderVault Folder { get; }

    internal HandSetClock Clock { get; }

    internal VaultRepository Vault => Folder.Vault;

    /// <summary>What is backed up.</summary>
    internal string Files => Folder.Beside("files");

    internal LockHolder Self { get; } = new("harbour", "ann", Environment.ProcessId, 0, 0);

    internal static async Task<UpkeepGround> MakeAsync(int version = 2)
    {
        var clock = new HandSetClock();
        var ground = new UpkeepGround(await FolderVault.MakeAsync(clock, version), clock);
        Directory.CreateDirectory(ground.Files);
        return ground;
    }

    /// <summary>Writes a file of random bytes, which compress to nothing less.</summary>
    /// <param name="content">A number for the same bytes each time; otherwise they are always others.</param>
    internal void Write(string name, int length, int? content = null)
    {
        var bytes = new byte[length];
        new Random(content ?? seed++).NextBytes(bytes);
        var path = Path.Join(Files, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    internal void WriteMany(string folder, int count, int length)
    {
        for (var n = 0; n < count; n++)
        {
            Write($"{folder}/{n:d3}", length);
        }
    }

    internal async Task<StoredSnapshot> BackUpAsync()
    {
        var snapshot = await SampleTree.BackUpAsync(Folder, Files);
        known.Add((snapshot, await SampleTree.DescribeAsync(Files)));
        return snapshot;
    }

    internal async Task<StoredSnapshot> BackUpByResticAsync(string version)
    {
        var snapshot = await SampleTree.BackUpByResticAsync(Folder, version, Files);
        known.Add((snapshot, await SampleTree.DescribeAsync(Files)));
        return snapshot;
    }

    internal async Task ForgetAsync(StoredSnapshot snapshot)
    {
        await Vault.Backend.RemoveAsync(new(ObjectKind.Snapshot, snapshot.Id), CancellationToken.None);
        known.RemoveAll(k => k.Snapshot.Id == snapshot.Id);
    }

    /// <summary>Nobody expects any more that it restores.</summary>
    internal void Dismiss(StoredSnapshot snapshot) => known.RemoveAll(k => k.Snapshot.Id == snapshot.Id);

    internal Task<PruneOutcome> PruneAsync(PruneWanted? wanted = null) => PruneAsync(Vault, wanted ?? new());

    /// <param name="vault">The same one, opened otherwise.</param>
    internal async Task<PruneOutcome> PruneAsync(VaultRepository vault, PruneWanted wanted)
    {
        await using var taken = await VaultPrune.LockAsync(vault, Self, wanted.Instant, TimeSpan.Zero, CancellationToken.None);
        return await VaultPrune.RunAsync(vault, wanted, taken, CancellationToken.None);
    }

    internal Task<CheckOutcome> CheckAsync(DataShare? share = null) =>
        VaultCheck.RunAsync(Vault, new() { ReadData = share ?? DataShare.All, Self = Self }, CancellationToken.None);

    /// <summary>We find nothing wrong with any byte.</summary>
    internal async Task<CheckOutcome> DemandChecksAsync()
    {
        var outcome = await CheckAsync();
        Assert.True(outcome.IsSound, string.Join('\n', outcome.Findings.Select(f => f.What)));
        return outcome;
    }

    /// <summary>We and both versions of restic find nothing wrong, and every snapshot that was not forgotten restores to what was backed up.</summary>
    internal async Task DemandSoundAsync()
    {
        await DemandChecksAsync();
        foreach (var version in Restic.Versions)
        {
            using var restic = Folder.Restic(version);
            (await restic.RunAsync("check", "--read-data", "--no-lock")).Succeeded();
        }

        foreach (var (snapshot, files) in known)
        {
            await DemandRestoresAsync(snapshot, files);
        }
    }

    internal async Task DemandRestoresAsync(StoredSnapshot snapshot, string[] files)
    {
        using var target = new TestFolder();
        await using var anew = await Folder.OpenAsync(FolderVault.Password);
        var problems = new List<string>();
        await VaultRestore.RunAsync(
            anew,
            await anew.LoadIndexAsync(CancellationToken.None),
            new() { Tree = snapshot.File.Tree, Target = PathBytes.Of(target.Path), OnProblem = p => problems.Add($"{p.Path}: {p.What}") },
            CancellationToken.None);
        Assert.Empty(problems);
        Assert.Equal(files, await SampleTree.DescribeAsync(Path.Join(target.Path, Files)));
    }

    internal string[] FilesOf(StoredSnapshot snapshot) => known.Single(k => k.Snapshot.Id == snapshot.Id).Files;

    internal async Task<HashSet<ObjectId>> PacksAsync() => [.. (await Vault.ListAsync(ObjectKind.Pack, CancellationToken.None)).Select(p => p.Name.Id)];

    internal async Task<long> PackBytesAsync() => (await Vault.ListAsync(ObjectKind.Pack, CancellationToken.None)).Sum(p => p.Length);

    /// <summary>The file of an object.</summary>
    internal string PathOf(ObjectName name) => name.Kind == ObjectKind.Pack
        ? Path.Join(Folder.Path, "data", name.Id.ToString()[..2], name.Id.ToString())
        : Path.Join(Folder.Path, name.ToString());

    public ValueTask DisposeAsync() => Folder.DisposeAsync();
}
