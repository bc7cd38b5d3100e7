using System.Text;
using Kedge.Vault.Check;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// Whoever has the storage, but not the key, swaps, cuts, repeats and makes up objects. Nothing wrong is restored; what is
/// refused is named.
/// </summary>
public sealed class WhenObjectsAreTampered
{
    private const int Seed = 99;

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("data", FindingKind.BlobDamaged)]
    [InlineData("index", FindingKind.IndexUnreadable)]
    [InlineData("snapshots", FindingKind.SnapshotUnreadable)]
    public async Task Two_objects_that_change_places_are_both_named(string kind, FindingKind expected)
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        var right = await Honesty.ContentsAsync(folder);
        var indexed = await IndexedAsync(folder);
        var files = Files(folder, kind).Where(f => kind != "data" || indexed.Contains(Path.GetFileName(f))).OrderByDescending(f => new FileInfo(f).Length).Take(2).ToList();
        var (one, other) = (await File.ReadAllBytesAsync(files[0], Ends), await File.ReadAllBytesAsync(files[1], Ends));
        Replace(files[0], other);
        Replace(files[1], one);

        var check = await CheckAsync(folder);
        Assert.All(files, f => Assert.Contains(check.Findings, finding => finding.IsDamage && $"{finding.Object?.Id}" == Path.GetFileName(f)));
        Assert.Contains(check.Findings, f => f.Kind == expected || f.Kind is FindingKind.PackDamaged or FindingKind.PackLength);
        await Honesty.DemandAsync(folder, right, $"swapped {kind}");
    }

    [Theory]
    [InlineData("data", 0)]
    [InlineData("data", 40)]
    [InlineData("index", 0)]
    [InlineData("index", 31)]
    [InlineData("index", 200)]
    [InlineData("snapshots", 0)]
    [InlineData("snapshots", 33)]
    public async Task An_object_that_is_cut_off_is_named(string kind, int length)
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        var right = await Honesty.ContentsAsync(folder);
        var indexed = await IndexedAsync(folder);
        var file = Files(folder, kind).First(f => kind != "data" || indexed.Contains(Path.GetFileName(f)));
        Replace(file, (await File.ReadAllBytesAsync(file, Ends))[..length]);

        Assert.Contains((await CheckAsync(folder)).Findings, f => f.IsDamage && $"{f.Object?.Id}" == Path.GetFileName(file));
        await Honesty.DemandAsync(folder, right, $"cut {kind}");
    }

    [Theory]
    [InlineData("index")]
    [InlineData("snapshots")]
    public async Task An_object_that_comes_back_under_another_name_is_refused_and_named(string kind)
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        var right = await Honesty.ContentsAsync(folder);
        var name = ObjectId.Of("another"u8);
        File.Copy(Files(folder, kind)[0], Path.Join(folder, kind, $"{name}"));

        Assert.Contains((await CheckAsync(folder)).Findings, f => f.IsDamage && f.Object?.Id == name);
        await Honesty.DemandAsync(folder, right, $"repeated {kind}");
    }

    [Fact]
    public async Task An_index_of_an_earlier_time_hides_what_is_newer_but_shows_nothing_wrong()
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        var earlier = await scene.CopyAsync();
        FaultScene.Change(scene.Source, new(1));
        await using (var vault = await FaultScene.OpenAsync(folder))
        {
            await FaultScene.BackUpAsync(vault, scene.Source);
        }

        var right = await Honesty.ContentsAsync(folder);
        Directory.Delete(Path.Join(folder, "index"), recursive: true);
        Directory.Move(Path.Join(earlier, "index"), Path.Join(folder, "index"));

        Assert.Equal(right.Count - 1, await Honesty.DemandAsync(folder, right, "replayed index"));
        Assert.Contains((await CheckAsync(folder)).Findings, f => f is { IsDamage: true, Kind: FindingKind.BlobMissing });
    }

    [Fact]
    public async Task A_key_that_wants_absurdly_much_is_refused_and_named_and_others_open()
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        var key = Files(folder, "keys").Single();
        var text = await File.ReadAllTextAsync(key, Ends);
        var absurd = Encoding.UTF8.GetBytes(text.Replace("\"N\":1024", "\"N\":1073741824", StringComparison.Ordinal));
        Assert.NotEqual(text.Length, absurd.Length);
        var forged = ObjectId.Of(absurd);
        await File.WriteAllBytesAsync(Path.Join(folder, "keys", $"{forged}"), absurd, Ends);
        await using (await FaultScene.OpenAsync(folder))
        {
            // The good one still opens.
        }

        File.Delete(key);
        var refusal = await Assert.ThrowsAsync<VaultException>(() => FaultScene.OpenAsync(folder));
        Assert.Equal(VaultFault.Damaged, refusal.Fault);
        Assert.Contains("scrypt", refusal.Message);
        Assert.Contains($"{forged}"[..8], refusal.Message);
    }

    [Fact]
    public async Task A_config_of_another_vault_is_refused()
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        Replace(Path.Join(folder, "config"), await File.ReadAllBytesAsync(Path.Join(scene.Other, "config"), Ends));
        var refusal = await Assert.ThrowsAsync<VaultException>(() => FaultScene.OpenAsync(folder));
        Assert.Equal(VaultFault.Damaged, refusal.Fault);
        Assert.Contains("config", refusal.Message);
    }

    [Fact]
    public async Task An_object_of_absurd_length_is_not_read()
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        var name = ObjectId.Of("long"u8);
        using (var sparse = File.Create(Path.Join(folder, "index", $"{name}")))
        {
            sparse.SetLength(1L << 40);
        }

        await using var vault = await FaultScene.OpenAsync(folder);
        var before = GC.GetTotalAllocatedBytes();
        var refusal = await Assert.ThrowsAsync<VaultException>(() => vault.LoadIndexAsync(Ends));
        Assert.Equal(VaultFault.Damaged, refusal.Fault);
        Assert.Contains($"{name}"[..8], refusal.Message);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
    }

    [Fact]
    public async Task A_lock_that_cannot_be_read_keeps_writers_out_and_can_be_removed()
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        var name = ObjectId.Of("lock"u8);
        await File.WriteAllBytesAsync(Path.Join(folder, "locks", $"{name}"), new byte[500], Ends);
        await using var vault = await FaultScene.OpenAsync(folder);
        var refusal = await Assert.ThrowsAsync<VaultException>(() => FaultScene.BackUpAsync(vault, scene.Source));
        Assert.Equal(VaultFault.Locked, refusal.Fault);
        Assert.Contains(name.Short, refusal.Message);
        Assert.Contains((await CheckAsync(folder)).Findings, f => f.Kind == FindingKind.LockUnreadable && f.Object?.Id == name);

        await LockSurvey.RemoveAsync(vault, FaultScene.Self, all: true, Ends);
        Assert.NotNull((await FaultScene.BackUpAsync(vault, scene.Source)).Snapshot);
    }

    /// <summary>Made by somebody who has the key: an old client gone wrong, or stolen.</summary>
    [Theory]
    [InlineData(1_073_741_824u)]
    [InlineData(100_000_000u)]
    [InlineData(5u)]
    public async Task A_blob_that_lies_about_its_length_is_refused_and_named(uint claimed)
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        await using var vault = await FaultScene.OpenAsync(folder);
        var blob = await ForgeAsync(vault, new byte[1 << 20], claimed);
        var index = await vault.LoadIndexAsync(Ends);
        using var reader = vault.OpenReader();
        var before = GC.GetTotalAllocatedBytes();
        var refusal = Assert.Throws<VaultException>(() => reader.Read(index, blob, Ends));
        Assert.Equal(VaultFault.Damaged, refusal.Fault);
        Assert.Contains(blob.Id.Short, refusal.Message);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 160 << 20);
    }

    private static async Task<CheckOutcome> CheckAsync(string folder)
    {
        await using var vault = await FaultScene.OpenAsync(folder);
        return await VaultCheck.RunAsync(vault, new() { ReadData = DataShare.All, WithHeaders = true, Self = FaultScene.Self }, Ends);
    }

    private static async Task<HashSet<string>> IndexedAsync(string folder)
    {
        await using var vault = await FaultScene.OpenAsync(folder);
        var index = await vault.LoadIndexAsync(Ends);
        return [.. index.Packs().Select(p => $"{p.Pack}").Where(p => !index.MarkedPacks.Keys.Select(n => $"{index.PackIdOf(n)}").Contains(p))];
    }

    private static List<string> Files(string folder, string kind) =>
        [.. Directory.EnumerateFiles(Path.Join(folder, kind), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static void Replace(string file, byte[] content)
    {
        File.Delete(file);
        File.WriteAllBytes(file, content);
    }

    /// <summary>Stores a sound pack with one compressed blob, and an index that says another length of it.</summary>
    private static async Task<BlobName> ForgeAsync(VaultRepository vault, byte[] content, uint claimed)
    {
        var blob = new BlobName(BlobKind.Data, ObjectId.Of(content));
        var frame = new byte[Kedge.Vault.Compression.Compressor.Bound(content.Length)];
        using var compressor = Kedge.Vault.Compression.Compressor.AtLevel(1);
        var length = compressor.Compress(content, frame);
        using var sealing = new Sealing(vault.Key);
        var stored = new byte[length + Sealing.Overhead];
        sealing.Seal(frame.AsSpan(0, length), stored);
        var pack = new Packing.PackBuffer(1 << 20);
        pack.Add(blob, stored, claimed);
        var whole = pack.Finish(sealing).ToArray();
        var id = ObjectId.Of(whole);
        await vault.Backend.SaveAsync(new(ObjectKind.Pack, id), whole, Ends);
        using var index = new IndexWriter();
        index.AddPack(id, [new(blob, 0, (uint)stored.Length, claimed)]);
        await vault.SaveAsync(ObjectKind.Index, index.Finish(), Ends);
        return blob;
    }
}
