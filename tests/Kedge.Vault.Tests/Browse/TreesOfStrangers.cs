using System.Text;
using Kedge.Vault.Browse;
using Kedge.Vault.Filters;
using Kedge.Vault.Format;
using Kedge.Vault.Packing;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Browse;

/// <summary>Folders that nobody makes in good faith, or that are damaged.</summary>
public sealed class TreesOfStrangers
{
    private const string Sound = "{\"name\":\"a\",\"type\":\"file\",\"content\":[]}";

    [Theory]
    [InlineData("{\"name\":\"..\",\"type\":\"file\",\"content\":[]}")]
    [InlineData("{\"name\":\"b/../../etc/passwd\",\"type\":\"file\",\"content\":[]}")]
    [InlineData("{\"name\":\"b\\\\x00c\",\"type\":\"file\",\"content\":[]}")]
    [InlineData("{\"name\":\"b\",\"type\":\"dir\"}")]
    [InlineData("{\"name\":\"b\",\"type\":\"wormhole\"}")]
    [InlineData("{\"name\":\"a\",\"type\":\"file\",\"content\":[]}")]
    [InlineData("{\"name\":\"b\",\"type\":\"file\",\"size\":5,\"content\":[]}", true)]
    [InlineData("{\"name\":\"b\",\"type\":\"file\",\"size\":5,\"content\":[\"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"]}", true)]
    public async Task End_in_a_clear_refusal_and_in_no_archive(string node, bool isOnlyOfContent = false)
    {
        await using var vault = await FolderVault.MakeAsync();
        var snapshot = await StoreAsync(vault, $"{{\"nodes\":[{Sound},{node}]}}");
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        if (!isOnlyOfContent)
        {
            Assert.Equal(VaultFault.Damaged, (await Assert.ThrowsAsync<VaultException>(() => SampleTree.ListAsync(vault, snapshot.File.Tree, ListingWanted.All))).Fault);
        }

        foreach (var archive in new[] { ArchiveKind.Tar, ArchiveKind.Zip })
        {
            var problem = await Assert.ThrowsAsync<VaultException>(() => VaultDump.RunAsync(
                vault.Vault, index, snapshot.File.Tree, default, new() { Archive = archive }, Stream.Null, CancellationToken.None));
            Assert.True(problem.Fault is VaultFault.Damaged or VaultFault.NotFound);
        }
    }

    [Fact]
    public async Task Do_not_keep_the_rest_from_being_shown_where_the_caller_wants_it()
    {
        await using var vault = await FolderVault.MakeAsync();
        var lost = new string('e', 64);
        var odd = await StoreAsync(vault, $"{{\"nodes\":[{Sound},{{\"name\":\"..\",\"type\":\"file\"}},{{\"name\":\"z\",\"type\":\"file\"}}]}}");
        var root = await StoreAsync(
            vault,
            $"{{\"nodes\":[{{\"name\":\"lost\",\"type\":\"dir\",\"subtree\":\"{lost}\"}},{{\"name\":\"odd\",\"type\":\"dir\",\"subtree\":\"{odd.File.Tree}\"}},{{\"name\":\"sound\",\"type\":\"file\",\"content\":[]}}]}}");
        var told = new List<string>();
        var listed = await SampleTree.ListAsync(vault, root.File.Tree, new() { OnUnreadable = folder => told.Add(folder.PathText) });
        Assert.Equal(["/lost", "/odd", "/odd/a", "/sound"], listed.Select(entry => entry.Path));
        Assert.Equal(["/lost", "/odd"], told);

        // Once, however many snapshots have it.
        var found = 0;
        told.Clear();
        var wanted = new SearchWanted { Patterns = PathPatterns.Parse(["nothing"u8.ToArray()], false), OnUnreadable = folder => told.Add(folder.PathText) };
        await foreach (var hit in VaultSearch.FindAsync(vault.Vault, await vault.Vault.LoadIndexAsync(CancellationToken.None), [root, root], wanted, CancellationToken.None))
        {
            found++;
        }

        Assert.Equal((0, "/lost /odd"), (found, string.Join(' ', told)));
    }

    [Fact]
    public async Task May_be_deep()
    {
        await using var vault = await FolderVault.MakeAsync();
        var tree = $"{{\"nodes\":[{Sound}]}}";
        StoredSnapshot snapshot = await StoreAsync(vault, tree);
        using (var session = new BlobSession(vault.Vault, await vault.Vault.LoadIndexAsync(CancellationToken.None), 1, null, CancellationToken.None))
        using (var writer = new BlobWriter(session))
        {
            var id = snapshot.File.Tree;
            for (var depth = 0; depth < 3_000; depth++)
            {
                id = writer.Store(BlobKind.Tree, Encoding.UTF8.GetBytes($"{{\"nodes\":[{{\"name\":\"d\",\"type\":\"dir\",\"subtree\":\"{id}\"}}]}}"));
            }

            session.Complete(CancellationToken.None);
            snapshot = await vault.AddAsync(snapshot.File with { Tree = id });
        }

        var listed = await SampleTree.ListAsync(vault, snapshot.File.Tree, ListingWanted.All);
        Assert.Equal((3_001, 6_002), (listed.Count, listed[^1].Path.Length));
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        Assert.Equal(3_001, (await VaultStatistics.CountAsync(vault.Vault, index, [snapshot], StatisticsMode.RestoreSize, CancellationToken.None)).Files);
        var removed = new List<EntryChange>();
        var empty = await StoreAsync(vault, "{\"nodes\":[]}");
        index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        await VaultComparison.RunAsync(vault.Vault, index, snapshot.File.Tree, empty.File.Tree, new(), removed.Add, CancellationToken.None);
        Assert.Equal(3_001, removed.Count);
    }

    [Fact]
    public async Task Need_not_be_read_to_the_end()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("data");
        await SampleTree.MakeAsync(folder);
        var snapshot = await SampleTree.BackUpAsync(vault, folder);
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        for (var count = 1; count < 12; count++)
        {
            var seen = 0;
            await foreach (var entry in VaultListing.ListAsync(vault.Vault, index, snapshot.File.Tree, ListingWanted.All, CancellationToken.None))
            {
                if (++seen == count)
                {
                    break;
                }
            }
        }

        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var entry in VaultListing.ListAsync(vault.Vault, index, snapshot.File.Tree, ListingWanted.All, cancelled.Token))
            {
                await cancelled.CancelAsync();
            }
        });
    }

    private static async Task<StoredSnapshot> StoreAsync(FolderVault vault, string tree)
    {
        using var session = new BlobSession(vault.Vault, await vault.Vault.LoadIndexAsync(CancellationToken.None), 1, null, CancellationToken.None);
        using var writer = new BlobWriter(session);
        var id = writer.Store(BlobKind.Tree, Encoding.UTF8.GetBytes(tree));
        session.Complete(CancellationToken.None);
        return await vault.AddAsync(new() { Time = new(1, 0, 0), Tree = id, Paths = [tree] });
    }
}
