using Kedge.Vault.Browse;
using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Restore;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Restore;

/// <summary>What is lost is named, file by file; all else is restored, from wherever a good copy stands.</summary>
public sealed class WhenTheVaultIsDamaged
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_damaged_piece_costs_its_bytes_and_no_more(int which)
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, data) = await BackedUpAsync(vault);
        var (pieces, index) = await PiecesAsync(vault, backup, $"{data}/hit");
        var hit = which < 0 ? pieces.Count - 1 : which;
        Assert.True(index.TryFind(new(BlobKind.Data, pieces[hit]), out var place));
        Damage(vault, place.Pack, place.Entry.Offset + 20);
        var restore = await vault.RestoreAsync(backup, vault.Beside("restored"));
        var problem = Assert.Single(restore.Problems);
        Assert.Equal($"{vault.Beside("restored")}{data}/hit", problem.Path);
        var start = pieces.Take(hit).Sum(p => index.ContentLength(new(BlobKind.Data, p)));
        Assert.Contains($"{place.Entry.ContentLength} bytes from {start} on are missing", problem.What, StringComparison.Ordinal);
        var (expected, restored) = (await File.ReadAllBytesAsync($"{data}/hit"), await File.ReadAllBytesAsync(problem.Path));
        expected.AsSpan((int)start, (int)place.Entry.ContentLength).Clear();
        Assert.Equal(expected, restored);
        SeenTree.MustBeSame(SeenTree.Of(data), SeenTree.Of(vault.Beside("restored") + data), "hit");

        // Nobody shall take it for the file: it is made whole once the vault has the piece again.
        Assert.NotEqual(File.GetLastWriteTimeUtc($"{data}/hit"), File.GetLastWriteTimeUtc(problem.Path));
        await StoreAgainAsync(vault, $"{data}/hit", pieces);
        (await vault.RestoreAsync(backup, vault.Beside("restored"), w => w with { Overwrite = Overwrite.IfChanged })).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data);
    }

    [Fact]
    public async Task A_good_copy_elsewhere_is_used()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, data) = await BackedUpAsync(vault);
        var (pieces, index) = await PiecesAsync(vault, backup, $"{data}/hit");
        await StoreAgainAsync(vault, $"{data}/hit", pieces);
        foreach (var pack in pieces.Select(p => index.FindAll(new(BlobKind.Data, p)).First().Pack).Distinct())
        {
            Remove(vault, pack);
        }

        var restore = await vault.RestoreAsync(backup, vault.Beside("restored"));
        Assert.DoesNotContain(restore.Problems, p => p.Path.EndsWith("/hit", StringComparison.Ordinal));
        Assert.Equal(await File.ReadAllBytesAsync($"{data}/hit"), await File.ReadAllBytesAsync($"{vault.Beside("restored")}{data}/hit"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(1, 3)]
    public async Task What_stands_before_and_behind_pieces_that_no_index_has_is_where_it_belongs(params int[] lost)
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, data) = await BackedUpAsync(vault);
        var (pieces, index) = await PiecesAsync(vault, backup, $"{data}/hit");
        Assert.True(pieces.Count >= 5, $"only {pieces.Count} pieces");
        lost = [.. lost.Select(l => l < 0 ? pieces.Count + l : l)];
        await ForgetAsync(vault, index, lost.Select(l => pieces[l]).ToHashSet());
        foreach (var target in new[] { vault.Beside("restored"), vault.Beside("restored") })
        {
            // The second time in place.
            var restore = await vault.RestoreAsync(backup, target);
            Assert.Equal([$"{target}{data}/hit"], restore.Problems.Select(p => p.Path));
            var expected = await File.ReadAllBytesAsync($"{data}/hit");
            var at = 0;
            for (var piece = 0; piece < pieces.Count; piece++)
            {
                var length = (int)index.ContentLength(new(BlobKind.Data, pieces[piece]));
                if (piece >= lost[0] && piece <= lost[^1])
                {
                    expected.AsSpan(at, length).Clear();
                }

                at += length;
            }

            Assert.Equal(expected, await File.ReadAllBytesAsync($"{target}{data}/hit"));
            SeenTree.MustBeSame(SeenTree.Of(data), SeenTree.Of(target + data), "hit");
        }
    }

    [Fact]
    public async Task A_folder_whose_list_is_lost_is_named()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (backup, data) = await BackedUpAsync(vault);
        var lost = await vault.FolderAsync(backup, $"{data}/folder");
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        Assert.True(index.TryFind(new(BlobKind.Tree, lost), out var place));
        Damage(vault, place.Pack, place.Entry.Offset + 20);
        var restore = await vault.RestoreAsync(backup, vault.Beside("restored"), w => w with { Delete = true });
        var problem = Assert.Single(restore.Problems);
        Assert.Equal($"{vault.Beside("restored")}{data}/folder", problem.Path);
        SeenTree.MustBeSame(SeenTree.Of(data), SeenTree.Of(vault.Beside("restored") + data), "folder/inside");
    }

    private static async Task<(BackupRun Backup, string Data)> BackedUpAsync(FolderVault vault)
    {
        var data = vault.Beside("data");
        using (var top = HandMade.At(data))
        {
            top.File("before", EveryKind.Content(500_000, 1));
            top.File("hit", EveryKind.Content(6_000_000, 2));
            top.File("last", EveryKind.Content(500_000, 3));
            using var folder = top.Folder("folder");
            folder.File("inside", "content"u8);
        }

        return ((await vault.BackUpAsync(data)).WithoutProblems(), data);
    }

    private static async Task<(List<ObjectId> Pieces, BlobIndex Index)> PiecesAsync(FolderVault vault, BackupRun backup, string file)
    {
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        var entry = await TreeLookup.EntryAsync(vault.Vault, index, backup.Outcome.File.Tree, PathBytes.Of(file), CancellationToken.None);
        return (entry!.Node.Content, index);
    }

    /// <summary>Stores a file's pieces once more, as somebody does who does not know that the vault has them.</summary>
    private static async Task StoreAgainAsync(FolderVault vault, string file, List<ObjectId> pieces)
    {
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        var nothing = new BlobIndex();
        nothing.Seal();
        using var session = new BlobSession(vault.Vault, nothing, 1, null, CancellationToken.None);
        using (var writer = new BlobWriter(session))
        {
            var content = (await File.ReadAllBytesAsync(file)).AsMemory();
            foreach (var piece in pieces)
            {
                var length = (int)index.ContentLength(new(BlobKind.Data, piece));
                Assert.Equal(piece, writer.Store(BlobKind.Data, content.Span[..length]));
                content = content[length..];
            }
        }

        session.Complete(CancellationToken.None);
    }

    /// <summary>Writes an index that lacks some pieces.</summary>
    private static async Task ForgetAsync(FolderVault vault, BlobIndex index, HashSet<ObjectId> pieces)
    {
        using var writer = new IndexWriter();
        foreach (var (pack, blobs) in index.Packs())
        {
            writer.AddPack(pack, [.. blobs.Where(b => !pieces.Contains(b.Name.Id))]);
        }

        foreach (var old in await vault.Vault.ListAsync(ObjectKind.Index, CancellationToken.None))
        {
            await vault.Vault.Backend.RemoveAsync(old.Name, CancellationToken.None);
        }

        await vault.Vault.SaveAsync(ObjectKind.Index, writer.Finish(), CancellationToken.None);
    }

    private static string PathOf(FolderVault vault, ObjectId pack) => Path.Join(vault.Path, "data", pack.ToString()[..2], pack.ToString());

    private static void Damage(FolderVault vault, ObjectId pack, long offset)
    {
        var path = PathOf(vault, pack);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var file = File.Open(path, FileMode.Open);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 0x10));
    }

    private static void Remove(FolderVault vault, ObjectId pack) => File.Delete(PathOf(vault, pack));
}
