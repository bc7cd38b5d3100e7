using Kedge.Vault.Check;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Check;

/// <summary>What a check sees without reading the data.</summary>
public sealed class TheStructure
{
    [Fact]
    public async Task A_pack_that_is_gone_is_named_with_the_files_that_it_hits()
    {
        await using var ground = await FilledAsync();
        var first = await ground.BackUpAsync();
        var place = await Damage.FindContentAsync(ground, first.File.Tree, "000");
        ground.Write("another", 2000);
        var second = await ground.BackUpAsync();
        File.Delete(ground.PathOf(new(ObjectKind.Pack, place.Pack)));

        var outcome = await ground.CheckAsync(DataShare.None);
        var missing = Assert.Single(outcome.Findings, f => f.Kind == FindingKind.PackMissing);
        Assert.Equal(new ObjectName(ObjectKind.Pack, place.Pack), missing.Object);
        Assert.Equal([first.Id, second.Id], outcome.Hits.Select(h => h.Id));
        Assert.All(outcome.Hits, h => Assert.Equal(4, h.Files.Count));
        Assert.Contains(outcome.Findings, f => f.Kind == FindingKind.BlobMissing && f.Blob == place.Entry.Name);
    }

    [Fact]
    public async Task Of_very_many_files_that_are_hit_some_are_listed()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        var place = await Damage.FindContentAsync(ground, snapshot.File.Tree, "000");
        File.Delete(ground.PathOf(new(ObjectKind.Pack, place.Pack)));
        var outcome = await VaultCheck.RunAsync(ground.Vault, new() { MaximumHits = 2, MaximumFindings = 1 }, CancellationToken.None);
        var hits = Assert.Single(outcome.Hits);
        Assert.Equal(2, hits.Files.Count);
        Assert.True(hits.IsCut);
        Assert.Single(outcome.Findings);
        Assert.Equal(5, outcome.Damages);
    }

    [Fact]
    public async Task A_pack_that_was_cut_off_is_read_and_its_lost_end_named()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        var place = await Damage.FindContentAsync(ground, snapshot.File.Tree, "000");
        var path = ground.PathOf(new(ObjectKind.Pack, place.Pack));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(file.Length - 1000);
        }

        var outcome = await ground.CheckAsync(DataShare.None);
        Assert.Contains(outcome.Findings, f => f.Kind == FindingKind.PackLength);
        Assert.Single(Assert.Single(outcome.Hits).Files);
        Assert.Equal([place.Pack], outcome.DamagedPacks);
    }

    [Fact]
    public async Task What_is_merely_untidy_is_no_damage()
    {
        await using var ground = await FilledAsync();
        await ground.BackUpAsync();
        var orphan = new byte[5000];
        await ground.Vault.Backend.SaveAsync(new(ObjectKind.Pack, ObjectId.Of(orphan)), orphan, CancellationToken.None);
        var index = (await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None))[0].Name.Id;
        await ground.Vault.SaveAsync(ObjectKind.Index, await ground.Vault.LoadAsync(ObjectKind.Index, index, CancellationToken.None), CancellationToken.None);
        var stale = ground.Self with { Hostname = "laptop" };
        await ground.Vault.SaveAsync(ObjectKind.Lock, stale.ToLock(exclusive: false, ground.Clock.GetUtcNow(), ground.Clock.GetUtcNow().AddHours(-1)).Write(), CancellationToken.None);

        var outcome = await ground.CheckAsync();
        Assert.True(outcome.IsSound);
        Assert.Equal(
            [FindingKind.IndexRepeated, FindingKind.PackOrphaned, FindingKind.LockStale],
            outcome.Findings.Select(f => f.Kind).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_index_files_are_gone_their_repair_comes_first_and_nothing_is_given_up(bool all)
    {
        await using var ground = await FilledAsync();
        await ground.BackUpAsync();
        var before = await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None);
        ground.Write("folder/later", 2000);
        await ground.BackUpAsync();
        var files = (await ground.Vault.ListAsync(ObjectKind.Index, CancellationToken.None)).Select(f => f.Name);
        foreach (var file in files.Where(f => all || before.All(b => b.Name != f)))
        {
            File.Delete(ground.PathOf(file));
        }

        var outcome = await ground.CheckAsync(DataShare.None);
        Assert.Equal(FindingKind.IndexIncomplete, outcome.Findings[0].Kind);
        Assert.Contains("'kedge vault repair index'", outcome.Findings[0].Remedy, StringComparison.Ordinal);
        Assert.Contains(outcome.Findings, f => f.Kind == FindingKind.BlobMissing);
        Assert.Contains(outcome.Findings, f => f.Kind == FindingKind.PackOrphaned);
        Assert.All(outcome.Findings.Skip(1), f => Assert.Null(f.Remedy));
        await using (var taken = await Kedge.Vault.Locking.VaultLock.AcquireAsync(ground.Vault, ground.Self, exclusive: true, TimeSpan.Zero, CancellationToken.None))
        {
            await Kedge.Vault.Repair.IndexRepair.RunAsync(ground.Vault, new(), taken, CancellationToken.None);
        }

        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task An_unlisted_pack_that_no_repair_can_list_takes_no_advice_away()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        await ground.Folder.AddAsync(snapshot.File with { Tree = ObjectId.Of("lost"u8) });
        var forged = new byte[5000];
        await ground.Vault.Backend.SaveAsync(new(ObjectKind.Pack, ObjectId.Of(forged)), forged, CancellationToken.None);
        var outcome = await ground.CheckAsync(DataShare.None);
        Assert.NotNull(Assert.Single(outcome.Findings, f => f.Kind == FindingKind.BlobMissing).Remedy);
        Assert.DoesNotContain(outcome.Findings, f => f.Kind == FindingKind.IndexIncomplete);
    }

    [Fact]
    public async Task Index_files_that_contradict_each_other_are_noticed_and_made_right()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        var place = await Damage.FindContentAsync(ground, snapshot.File.Tree, "000");
        using (var writer = new IndexWriter())
        {
            writer.AddPack(place.Pack, [place.Entry with { Name = new(BlobKind.Data, ObjectId.Of([1, 2, 3])) }]);
            await ground.Vault.SaveAsync(ObjectKind.Index, writer.Finish(), CancellationToken.None);
        }

        var outcome = await ground.CheckAsync(DataShare.None);
        Assert.Contains(outcome.Findings, f => f is { Kind: FindingKind.IndexContradiction, IsDamage: true } && f.Object?.Id == place.Pack);
        await using (var taken = await Kedge.Vault.Locking.VaultLock.AcquireAsync(ground.Vault, ground.Self, exclusive: true, TimeSpan.Zero, CancellationToken.None))
        {
            Assert.Equal([place.Pack], (await Kedge.Vault.Repair.IndexRepair.RunAsync(ground.Vault, new(), taken, CancellationToken.None)).Added);
        }

        await ground.DemandSoundAsync();
    }

    [Fact]
    public async Task A_file_that_is_longer_than_its_contents_and_a_forged_name_are_told()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        var tree = await ForgeAsync(ground, node => node.Size = 77);
        await ground.Folder.AddAsync(snapshot.File with { Tree = tree });
        var escaping = await ForgeAsync(ground, node => node.SetName("../../etc/passwd"u8));
        await ground.Folder.AddAsync(snapshot.File with { Tree = escaping });
        var outcome = await ground.CheckAsync(DataShare.None);
        Assert.Contains(outcome.Findings, f => f.Kind == FindingKind.FileSize && f.Blob?.Id == tree);
        Assert.Contains(outcome.Findings, f => f.Kind == FindingKind.TreeUnsound && f.Blob?.Id == escaping);
    }

    [Fact]
    public async Task A_damaged_copy_of_what_another_pack_has_loses_nothing_and_that_is_said()
    {
        await using var ground = await FilledAsync();
        var snapshot = await ground.BackUpAsync();
        var place = await Damage.FindContentAsync(ground, snapshot.File.Tree, "000");
        // A second copy, as two machines store that back up the same at once.
        var nothing = new Kedge.Vault.Indexing.BlobIndex();
        nothing.Seal();
        using (var session = new Kedge.Vault.Packing.BlobSession(ground.Vault, nothing, 1, null, CancellationToken.None))
        using (var writer = new Kedge.Vault.Packing.BlobWriter(session))
        using (var reader = ground.Vault.OpenReader())
        {
            writer.Store(BlobKind.Data, reader.Read(place, CancellationToken.None).Span);
            session.Complete(CancellationToken.None);
        }

        await Damage.FlipAsync(ground, new(ObjectKind.Pack, place.Pack), place.Entry.Offset + 100);
        var outcome = await ground.CheckAsync();
        Assert.True(Assert.Single(outcome.Findings, f => f.Kind == FindingKind.BlobDamaged).HasGoodCopy);
        Assert.Empty(outcome.Hits);
        await ground.DemandRestoresAsync(snapshot, ground.FilesOf(snapshot));
    }

    /// <summary>A tree with one file of which something is wrong, as only who has the key can store it.</summary>
    private static Task<ObjectId> ForgeAsync(UpkeepGround ground, Action<TreeNode> change)
    {
        var nothing = new Kedge.Vault.Indexing.BlobIndex();
        nothing.Seal();
        using var session = new Kedge.Vault.Packing.BlobSession(ground.Vault, nothing, 1, null, CancellationToken.None);
        using var writer = new Kedge.Vault.Packing.BlobWriter(session);
        using var trees = new TreeWriter();
        var node = new TreeNode { Kind = NodeKind.File };
        node.SetName("file"u8);
        change(node);
        trees.Add(node);
        var id = writer.Store(BlobKind.Tree, trees.Finish().Span);
        session.Complete(CancellationToken.None);
        return Task.FromResult(id);
    }

    private static async Task<UpkeepGround> FilledAsync()
    {
        var ground = await UpkeepGround.MakeAsync();
        ground.WriteMany("folder", 4, 3000);
        return ground;
    }
}
