using System.Text;
using Kedge.Vault.Backup;
using Kedge.Vault.Check;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Prune;
using Kedge.Vault.Restore;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Upkeep;

/// <summary>A vault with backups of a folder that changes, whose clock is put forward by hand.</summary>
internal sealed class TendedVault : IAsyncDisposable
{
    internal static readonly LockHolder Holder = new("harbour", "ann", Environment.ProcessId, 0, 0);

    private readonly FolderVault folder;

    private TendedVault(FolderVault folder, HandSetClock clock) => (this.folder, Clock) = (folder, clock);

    internal HandSetClock Clock { get; }

    internal VaultRepository Vault => folder.Vault;

    internal string Path => folder.Path;

    internal string Data => folder.Beside("data");

    internal static async Task<TendedVault> MakeAsync()
    {
        var clock = new HandSetClock();
        var vault = new TendedVault(await FolderVault.MakeAsync(clock, 2), clock);
        Directory.CreateDirectory(vault.Data);
        return vault;
    }

    internal string Beside(string name) => folder.Beside(name);

    /// <summary>A file that does not compress.</summary>
    internal void Write(string name, int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        File.WriteAllBytes(System.IO.Path.Join(Data, name), bytes);
    }

    internal async Task<ObjectId> BackUpAsync() => (await VaultBackup.RunAsync(
        Vault, new() { Paths = [Encoding.UTF8.GetBytes(Data)], Hostname = "harbour", Username = "ann" }, null, CancellationToken.None)).Snapshot!.Value;

    internal Task ForgetAsync(ObjectId snapshot) => Vault.Backend.RemoveAsync(new(ObjectKind.Snapshot, snapshot), CancellationToken.None);

    internal Task<PruneOutcome> PruneAsync() => PruneAsync(Vault, new() { MaxUnused = UnusedLimit.Parse("0") });

    internal static async Task<PruneOutcome> PruneAsync(VaultRepository vault, PruneWanted wanted)
    {
        await using var taken = await VaultPrune.LockAsync(vault, Holder, wanted.Instant, TimeSpan.Zero, CancellationToken.None);
        return await VaultPrune.RunAsync(vault, wanted, taken, CancellationToken.None);
    }

    internal Task<CheckOutcome> CheckAsync() => VaultCheck.RunAsync(Vault, new() { ReadData = DataShare.All }, CancellationToken.None);

    internal async Task DemandSoundAsync()
    {
        var outcome = await CheckAsync();
        Assert.True(outcome.IsSound, string.Join('\n', outcome.Findings.Select(f => f.What)));
    }

    internal Task<int> PacksAsync() => CountAsync(ObjectKind.Pack);

    internal async Task<int> CountAsync(ObjectKind kind) => (await Vault.ListAsync(kind, CancellationToken.None)).Count;

    /// <summary>Both stock versions find every byte sound, and restore a snapshot as the folder is now.</summary>
    internal Task DemandResticAgreesAsync(ObjectId snapshot) => DemandResticAgreesAsync(Path, Data, snapshot, Beside("restored"));

    internal static async Task DemandResticAgreesAsync(string repository, string data, ObjectId snapshot, string scratch)
    {
        foreach (var version in Servers.Restic.Versions)
        {
            using var restic = new Restic(version, repository, FolderVault.Password);
            (await restic.RunAsync("check", "--read-data", "--no-lock")).Succeeded();
            var target = $"{scratch}-{version}";
            (await restic.RunAsync("restore", snapshot.ToString(), "--target", target, "--no-lock")).Succeeded();
            (await Programs.RunAsync("/usr/bin/diff", ["-r", data, target + data], new Dictionary<string, string?>(), CancellationToken.None)).Succeeded();
        }
    }

    /// <summary>The same by our own restore, without restic's programs.</summary>
    internal async Task DemandRestoresAsync(ObjectId snapshot, string scratch)
    {
        var file = SnapshotFile.Parse(await Vault.LoadAsync(ObjectKind.Snapshot, snapshot, CancellationToken.None));
        var index = await Vault.LoadIndexAsync(CancellationToken.None);
        var target = Beside(scratch);
        Directory.CreateDirectory(target);
        await VaultRestore.RunAsync(Vault, index, new() { Tree = file.Tree, Target = Encoding.UTF8.GetBytes(target) }, CancellationToken.None);
        (await Programs.RunAsync("/usr/bin/diff", ["-r", Data, target + Data], new Dictionary<string, string?>(), CancellationToken.None)).Succeeded();
    }

    public ValueTask DisposeAsync() => folder.DisposeAsync();
}
