using System.Text;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Restore;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>A large file is restored of which the vault has lost something.</summary>
public sealed class WhenPiecesAreLost
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_not_restored_whole_is_restored_again_once_it_can_be_read()
    {
        await using var folder = await FolderVault.MakeAsync();
        var (content, source, tree) = await MakeAsync(folder);
        var index = await folder.Vault.LoadIndexAsync(Ends);
        var pack = Directory.EnumerateFiles(Path.Join(folder.Path, "data"), "*", SearchOption.AllDirectories).MaxBy(f => new FileInfo(f).Length)!;
        var sound = await File.ReadAllBytesAsync(pack, Ends);
        await DamageAsync(pack, sound);

        var (restored, problems) = await RestoreAsync(folder, index, tree, source);
        Assert.NotEmpty(problems);
        Assert.Equal(content.Length, new FileInfo(restored).Length);
        Assert.NotEqual(File.GetLastWriteTimeUtc(Path.Join(source, "large")), File.GetLastWriteTimeUtc(restored));

        await File.WriteAllBytesAsync(pack, sound, Ends);
        (_, problems) = await RestoreAsync(folder, index, tree, source);
        Assert.Empty(problems);
        Assert.Equal(content, await File.ReadAllBytesAsync(restored, Ends));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Pieces_that_are_in_no_index_leave_no_others_in_their_place(int lost)
    {
        await using var folder = await FolderVault.MakeAsync();
        var (content, source, tree) = await MakeAsync(folder);
        var whole = await folder.Vault.LoadIndexAsync(Ends);
        // The second piece of the file, and perhaps the fourth.
        var pieces = Pieces(folder, whole, tree);
        Assert.True(pieces.Count > 5);
        var gone = new HashSet<ObjectId>(new[] { pieces[1], pieces[3] }.Take(lost));
        var index = new BlobIndex();
        foreach (var (pack, blobs) in whole.Packs())
        {
            index.AddPack(pack, [.. blobs.Where(b => !gone.Contains(b.Name.Id))]);
        }

        index.Seal();
        var (restored, problems) = await RestoreAsync(folder, index, tree, source);
        // Of what stands between two lost ones nobody knows where; what is behind them ends where the file does.
        var between = lost == 1 ? 1 : 3;
        Assert.Contains(problems, p => p.StartsWith($"{between} of its {pieces.Count} pieces", StringComparison.Ordinal));
        var lengths = pieces.Select(p => (int)whole.ContentLength(new(BlobKind.Data, p))).ToList();
        var expected = content.ToArray();
        expected.AsSpan(lengths[0], lengths.Skip(1).Take(between).Sum()).Clear();
        var actual = await File.ReadAllBytesAsync(restored, Ends);
        Assert.True(expected.SequenceEqual(actual));
        Assert.NotEqual(File.GetLastWriteTimeUtc(Path.Join(source, "large")), File.GetLastWriteTimeUtc(restored));
    }

    private static async Task<(byte[] Content, string Source, ObjectId Tree)> MakeAsync(FolderVault folder)
    {
        var source = Directory.CreateDirectory(folder.Beside("source")).FullName;
        var content = new byte[24 << 20];
        new Random(5).NextBytes(content);
        await File.WriteAllBytesAsync(Path.Join(source, "large"), content, Ends);
        File.SetLastWriteTimeUtc(Path.Join(source, "large"), new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var snapshot = (await FaultScene.BackUpAsync(folder.Vault, source)).Snapshot!.Value;
        return (content, source, (await SnapshotSurvey.LoadAsync(folder.Vault, snapshot, Ends)).File.Tree);
    }

    /// <summary>A bit in every 64 KiB of the pack.</summary>
    private static async Task DamageAsync(string pack, byte[] sound)
    {
        var damaged = sound.ToArray();
        for (var at = damaged.Length / 2; at < damaged.Length - 100_000; at += 65_536)
        {
            damaged[at] ^= 4;
        }

        // In its place: the vault keeps packs open that it reads from.
        File.SetUnixFileMode(pack, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(pack, damaged, Ends);
    }

    private static List<ObjectId> Pieces(FolderVault folder, BlobIndex index, ObjectId tree)
    {
        using var reader = folder.Vault.OpenReader();
        var (trees, node) = (new TreeReader(anyOrder: false), new TreeNode());
        while (true)
        {
            trees.Begin(reader.Read(index, new(BlobKind.Tree, tree), Ends).ToArray());
            Assert.True(trees.TryReadNext(node));
            if (node.Kind == NodeKind.File)
            {
                return [.. node.Content];
            }

            tree = node.Subtree!.Value;
        }
    }

    private static async Task<(string File, List<string> Problems)> RestoreAsync(FolderVault folder, BlobIndex index, ObjectId tree, string source)
    {
        var problems = new List<string>();
        var wanted = new RestoreWanted
        {
            Tree = tree,
            Target = Encoding.UTF8.GetBytes(folder.Beside("restored")),
            Overwrite = Overwrite.IfChanged,
            OnProblem = p =>
            {
                lock (problems)
                {
                    problems.Add(p.What);
                }
            },
        };
        await VaultRestore.RunAsync(folder.Vault, index, wanted, Ends);
        return (Path.Join(folder.Beside("restored"), source, "large"), problems);
    }
}
