using Kedge.Vault.Backends;
using Kedge.Vault.Copy;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Copy;

/// <summary>From one vault to another, with the same key or another.</summary>
public sealed class CopyingSnapshots
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copies_what_is_missing_once_and_stock_restic_restores_it(bool sameKey)
    {
        await using var source = await TendedVault.MakeAsync();
        source.Write("a", 1, 900_000);
        await source.BackUpAsync();
        source.Write("b", 2, 900_000);
        await source.BackUpAsync();
        await using var target = await TargetAsync(source, sameKey);

        var first = await CopyAsync(source, target);
        Assert.Equal((2, 0, sameKey, true), (first.Copied.Count, first.Skipped.Count, first.SameKey, first.IsWhole));
        await TendedVault.DemandResticAgreesAsync(source.Beside("target"), source.Data, first.Copied[^1].Copy!.Value, source.Beside("restored"));

        var again = await CopyAsync(source, target);
        Assert.Equal((0, 2, 0L), (again.Copied.Count, again.Skipped.Count, again.StoredBytes));

        source.Write("c", 3, 200_000);
        await source.BackUpAsync();
        var third = await CopyAsync(source, target);
        Assert.Equal((1, 2), (third.Copied.Count, third.Skipped.Count));
        Assert.InRange(third.StoredBytes, 200_000, 300_000);
    }

    [Fact]
    public async Task Stores_nothing_in_a_dry_run()
    {
        await using var source = await TendedVault.MakeAsync();
        source.Write("a", 1, 300_000);
        await source.BackUpAsync();
        await using var target = await TargetAsync(source, sameKey: true);
        var outcome = await VaultCopy.RunAsync(source.Vault, target, new() { DryRun = true }, null, CancellationToken.None);
        Assert.True(outcome.NewBlobs > 0);
        Assert.Empty(await target.ListAsync(ObjectKind.Pack, CancellationToken.None));
        Assert.Empty(await target.ListAsync(ObjectKind.Snapshot, CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Spreads_no_damage(bool sameKey)
    {
        await using var source = await TendedVault.MakeAsync();
        source.Write("a", 1, 900_000);
        await source.BackUpAsync();
        var pack = Directory.GetFiles(Path.Join(source.Path, "data"), "*", SearchOption.AllDirectories).MaxBy(f => new FileInfo(f).Length)!;
        var bytes = await File.ReadAllBytesAsync(pack, CancellationToken.None);
        bytes[bytes.Length / 2] ^= 4;
        File.SetUnixFileMode(pack, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(pack, bytes, CancellationToken.None);
        await using var target = await TargetAsync(source, sameKey);
        var outcome = await CopyAsync(source, target);
        Assert.Empty(outcome.Copied);
        Assert.Equal("a", Path.GetFileName(outcome.Damaged.Single().Files.Single().ToString()));
        Assert.Empty(await target.ListAsync(ObjectKind.Snapshot, CancellationToken.None));
    }

    [Fact]
    public async Task Needs_no_right_to_remove_at_the_target()
    {
        await using var source = await TendedVault.MakeAsync();
        source.Write("a", 1, 300_000);
        await source.BackUpAsync();
        await using var server = await RestServer.StartAsync("--append-only");
        await using var target = await VaultRepository.InitAsync(
            server.Location("vault").Open(new() { RetryFor = TimeSpan.Zero }, TimeProvider.System), New(null), TimeProvider.System, CancellationToken.None);
        Assert.Single((await CopyAsync(source, target)).Copied);
    }

    private static Task<CopyOutcome> CopyAsync(TendedVault source, VaultRepository target) =>
        VaultCopy.RunAsync(source.Vault, target, new(), null, CancellationToken.None);

    private static Task<VaultRepository> TargetAsync(TendedVault source, bool sameKey) => VaultRepository.InitAsync(
        VaultLocation.Parse(source.Beside("target")).Open(new() { RetryFor = TimeSpan.Zero }, TimeProvider.System),
        New(sameKey ? source.Vault : null), TimeProvider.System, CancellationToken.None);

    private static NewVault New(VaultRepository? sameKeyAs) => new()
    {
        Password = FolderVault.Password.AsMemory(),
        Owner = new(GoTime.None, "ann", "harbour"),
        Cost = new(1024, 8, 1),
        SameKeyAs = sameKeyAs,
    };
}
