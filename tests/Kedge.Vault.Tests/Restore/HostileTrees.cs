using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Restore;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Restore;

/// <summary>
/// Trees that somebody with the vault's key has made up, to write where they may not: nothing is written outside of the
/// target, nothing ends the restore of the rest, and each of it is told.
/// </summary>
public sealed class HostileTrees
{
    private static readonly string[] NoNames = ["", ".", "..", "/", "../outside/file", "a/b", "/etc/kedge-evil", "zero\0byte", new('n', 256), new('n', 70_000)];

    [Fact]
    public async Task Names_that_are_none()
    {
        var paths = NoNames.Length * 4;
        await RestoreAsync(
            forger =>
            {
                var inside = forger.Tree(forger.File("file", "evil"u8.ToArray()));
                TreeNode Made(string name, int kind) => kind switch
                {
                    0 => forger.File(name, "evil"u8.ToArray()),
                    1 => Forger.Folder(name, inside),
                    2 => Forger.Link(name, "../outside"),
                    _ => Forger.Node(name, NodeKind.Pipe),
                };
                var folders = Enumerable.Range(0, 4).Select(kind => Forger.Folder($"kind {kind}", forger.Sorted([.. NoNames.Select(n => Made(n, kind)), forger.File("good", "good"u8.ToArray())])));
                return forger.Tree(folders);
            },
            (target, run) =>
            {
                Assert.True(paths == run.Problems.Count, string.Join('\n', run.Problems));
                Assert.Equal([".", .. Enumerable.Range(0, 4).SelectMany(kind => new[] { $"kind {kind}", $"kind {kind}/good" })], target.Entries.Keys);
            });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_name_twice_as_a_link_and_a_folder(int first)
    {
        await RestoreAsync(
            forger =>
            {
                var folder = Forger.Folder("twice", forger.Tree(forger.File("file", "evil"u8.ToArray())));
                var link = Forger.Link("twice", "../outside");
                return forger.Tree(
                    forger.File("before", "good"u8.ToArray()),
                    Forger.Folder("folder before", forger.Tree(forger.File("inside", "good"u8.ToArray()))),
                    first == 0 ? link : folder,
                    first == 0 ? folder : link);
            },
            (target, run) =>
            {
                Assert.Contains("twice", Assert.Single(run.Problems).What, StringComparison.Ordinal);
                Assert.Contains("folder before/inside", target.Entries.Keys);
                Assert.Equal(first == 0 ? "Link" : "Folder", target.Entries["twice"].Kind);
            });
    }

    [Fact]
    public async Task Names_out_of_order() => await RestoreAsync(
        forger => forger.Tree(forger.File("b", "good"u8.ToArray()), forger.File("a", "evil"u8.ToArray())),
        (target, run) =>
        {
            Assert.Contains("stands after a greater name", Assert.Single(run.Problems).What, StringComparison.Ordinal);
            Assert.Equal([".", "b"], target.Entries.Keys);
        });

    [Fact]
    public async Task Kinds_that_contradict_themselves()
    {
        await RestoreAsync(
            forger =>
            {
                var tree = forger.Tree(forger.File("file", "evil"u8.ToArray()));
                var data = forger.Data("evil"u8);
                var nodes = new List<TreeNode> { Forger.Node("irregular", NodeKind.Irregular), Forger.Node("unknown", NodeKind.Unknown), Forger.Folder("folder without tree", null) };
                foreach (var kind in new[] { NodeKind.File, NodeKind.Symlink, NodeKind.Pipe })
                {
                    var node = Forger.Node($"{kind} with tree", kind);
                    node.Subtree = tree;
                    nodes.Add(node);
                }

                foreach (var kind in new[] { NodeKind.Folder, NodeKind.Symlink, NodeKind.Pipe })
                {
                    var node = Forger.Node($"{kind} with content", kind);
                    node.Content.Add(data);
                    node.Subtree = kind == NodeKind.Folder ? tree : null;
                    nodes.Add(node);
                }

                nodes.Add(Forger.Link("link to nothing", ""));
                nodes.Add(Forger.Link("link with zero", "a\0b"));
                nodes.Add(Forger.Link("link that is too long", new('l', 5000)));
                return forger.Sorted(nodes);
            },
            (target, run) =>
            {
                Assert.Equal(12, run.Problems.Count);
                Assert.Equal(["."], target.Entries.Keys);
            });
    }

    [Fact]
    public async Task Nothing_is_removed_for_what_cannot_be_made()
    {
        await using var vault = await FolderVault.MakeAsync();
        var tree = Forge(vault, forger => forger.Sorted(
            Forger.Node("irregular", NodeKind.Irregular), Forger.Node("unknown", NodeKind.Unknown), Forger.Folder("folder", null), Forger.Link("link", ""), Forger.Link("zero", "a\0b"), Forger.Link("long", new('l', 4096))));
        using (var top = HandMade.At(vault.Beside("restored")))
        {
            foreach (var name in new[] { "irregular", "unknown", "folder", "link", "zero", "long" })
            {
                top.File(name, "stays"u8);
            }
        }

        var before = SeenTree.Of(vault.Beside("restored"));
        Assert.Equal(6, (await vault.Vault.RestoreAsync(tree, vault.Beside("restored"))).Problems.Count);
        SeenTree.MustBeSame(before, SeenTree.Of(vault.Beside("restored")));
    }

    [Fact]
    public async Task Sizes_that_lie()
    {
        long[] sizes = [0, 1, 4, 6, 1L << 50, long.MaxValue];
        await RestoreAsync(
            forger => forger.Sorted(sizes.Select(size =>
            {
                var file = forger.File($"{size}", "12345"u8.ToArray());
                file.Size = size;
                return file;
            })),
            (target, run) =>
            {
                Assert.Equal(sizes.Length, run.Problems.Count);
                Assert.All(target.Entries.Values.Where(e => e.Kind == "File"), e => Assert.Equal(5, e.Size));
            });
    }

    [Fact]
    public async Task Sizes_that_lie_about_files_whose_pieces_are_missing()
    {
        long[] sizes = [0, 3, 7, 11, 1L << 40, long.MaxValue];
        await RestoreAsync(
            forger => forger.Sorted(sizes.Select(size =>
            {
                var file = forger.File($"{size}", "12345"u8.ToArray(), "67890"u8.ToArray());
                file.Content.Insert(1, ObjectId.Of("nobody has this"u8));
                file.Size = size;
                return file;
            })),
            (target, run) =>
            {
                Assert.Equal(sizes.Length, run.Problems.Count);
                Assert.Equal([5, 5, 7, 11, 1L << 40], sizes.SkipLast(1).Select(size => target.Entries[$"{size}"].Size));
                Assert.All(target.Entries.Values, e => Assert.InRange(e.Allocated, 0, 1 << 20));
            });
    }

    [Fact]
    public async Task Contents_of_a_hundred_thousand_pieces()
    {
        const int count = 100_000;
        await RestoreAsync(
            forger =>
            {
                var (zeros, few) = (forger.File("eight hundred gigabytes", new byte[8 << 20]), forger.File("few bytes", "x"u8.ToArray()));
                foreach (var file in new[] { zeros, few })
                {
                    file.Content.AddRange(Enumerable.Repeat(file.Content[0], count - 1));
                    file.Size *= count;
                }

                return forger.Tree(zeros, few);
            },
            (target, run) =>
            {
                Assert.Empty(run.Problems);
                Assert.Equal(8L * count << 20, target.Entries["eight hundred gigabytes"].Size);
                Assert.Equal(count, target.Entries["few bytes"].Size);
                Assert.InRange(target.Entries["eight hundred gigabytes"].Allocated, 0, 1 << 20);
            },
            again: false);
    }

    [Fact]
    public async Task Other_names_across_kinds()
    {
        await RestoreAsync(
            forger =>
            {
                var nodes = new List<TreeNode>
                {
                    Forger.Link("a link", "../outside/file"),
                    forger.File("b file", "good"u8.ToArray()),
                    Forger.Folder("c folder", forger.Tree(Linked(forger.File("inside", "another's content"u8.ToArray())))),
                    Forger.Link("d link", "../outside/file"),
                    Forger.Node("e pipe", NodeKind.Pipe),
                    forger.File("f file", "another's content"u8.ToArray()),
                };
                return forger.Tree(nodes.Select(Linked));
            },
            (target, run) =>
            {
                Assert.Empty(run.Problems);
                Assert.Equal("a link", target.Entries["d link"].LinkedWith);
                Assert.Equal("b file", target.Entries["c folder/inside"].LinkedWith);
                Assert.Equal(4, target.Entries["f file"].Size);
            });

        static TreeNode Linked(TreeNode node)
        {
            (node.Links, node.Inode, node.DeviceId) = (7, 42, 1);
            return node;
        }
    }

    [Fact]
    public async Task Metadata_that_no_file_can_have()
    {
        await RestoreAsync(
            forger =>
            {
                var attributes = forger.File("attributes", "good"u8.ToArray());
                foreach (var (name, length) in new[] { ("", 1), ("user.zero\0", 1), ("user." + new string('n', 300), 1), ("user.long", 70_000), ("no.such.class", 1), ("user.good", 1) })
                {
                    attributes.ExtendedAttributes.Add(new(HandMade.Bytes(name), new byte[length]));
                }

                var (mode, owner, time) = (forger.File("mode", "good"u8.ToArray()), forger.File("owner", "good"u8.ToArray()), forger.File("time", "good"u8.ToArray()));
                (mode.Mode, owner.UserId, owner.GroupId) = (uint.MaxValue, uint.MaxValue, uint.MaxValue);
                time.ModifiedAt = new(253_402_300_799, 999_999_999, 0);
                owner.User = owner.Group = "nobody at all\0";
                return forger.Tree(attributes, mode, owner, time);
            },
            (target, run) =>
            {
                Assert.InRange(run.Problems.Count, 1, 2);
                Assert.Equal(5, target.Entries.Count);
                Assert.All(target.Entries.Values.Where(e => e.Kind == "File"), e => Assert.Equal(4, e.Size));
            },
            again: false);
    }

    [Fact]
    public async Task Ten_thousand_levels()
    {
        const int levels = 10_000;
        await using var vault = await FolderVault.MakeAsync();
        var tree = Forge(vault, forger =>
        {
            var at = forger.Tree(forger.File("end", "the end"u8.ToArray()));
            for (var level = 0; level < levels; level++)
            {
                at = forger.Tree(Forger.Folder("d", at));
            }

            return at;
        });
        var made = 0;
        (await vault.Vault.RestoreAsync(tree, vault.Beside("restored"), w => w with { OnAct = (_, _) => made++ })).WithoutProblems();
        Assert.Equal(levels + 1, made);
        (await vault.Vault.RestoreAsync(tree, vault.Beside("restored"), w => w with { OnAct = null, Delete = true })).WithoutProblems();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tree_of_more_folders_than_anybody_can_make_can_be_given_up(bool dryRun)
    {
        await using var vault = await FolderVault.MakeAsync();
        var tree = Forge(vault, forger =>
        {
            var at = forger.Tree();
            for (var level = 0; level < 60; level++)
            {
                at = forger.Tree(Forger.Folder("a", at), Forger.Folder("b", at));
            }

            return at;
        });
        using var stop = new CancellationTokenSource();
        var made = 0;
        var wanted = new RestoreWanted
        {
            Tree = tree,
            Target = PathBytes.Of(vault.Beside("restored")),
            DryRun = dryRun,
            OnAct = (_, _) =>
            {
                if (++made == 5000)
                {
                    stop.Cancel();
                }
            },
        };
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VaultRestore.RunAsync(vault.Vault, index, wanted, stop.Token));
        Assert.InRange(made, 5000, 5002);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"nodes\":[{\"name\":\"file\",\"type\":\"file\",\"mode\":420,\"content\":null}")]
    [InlineData("{\"nodes\":{}}")]
    [InlineData("{\"nodes\":[[[[[[[[]]]]]]]]}")]
    public async Task What_is_no_tree(string json) => await RestoreAsync(
        forger => forger.Tree(Forger.Folder("bad", forger.Raw(json)), Forger.Folder("good", forger.Tree(forger.File("inside", "good"u8.ToArray())))),
        (target, run) =>
        {
            Assert.EndsWith("/bad", Assert.Single(run.Problems).Path, StringComparison.Ordinal);
            Assert.Contains("good/inside", target.Entries.Keys);
        });

    [Fact]
    public async Task Brackets_beyond_any_depth() => await What_is_no_tree("{\"nodes\":[{\"name\":\"a\",\"x\":" + new string('[', 10_000_000));

    [Fact]
    public async Task Lengths_that_an_index_makes_up()
    {
        await using var vault = await FolderVault.MakeAsync();
        var blobs = new List<BlobEntry>();
        foreach (var (length, plain) in new (uint Length, uint Plain)[] { (32, 0), (40, 0), (40, uint.MaxValue), (1u << 30, 0), (100, 1u << 31), (300_000_000, 200_000_000) })
        {
            blobs.Add(new(new(BlobKind.Data, ObjectId.Of(BitConverter.GetBytes(blobs.Count))), blobs.Count == 0 ? 0 : blobs[^1].Offset + blobs[^1].Length, length, plain));
        }

        var tree = Forge(vault, forger => forger.Tree(blobs.Select((blob, n) =>
        {
            var file = Forger.Node($"{n}", NodeKind.File);
            file.Content.Add(blob.Name.Id);
            return file;
        })));
        using (var writer = new IndexWriter())
        {
            var pack = ObjectId.Of("a pack"u8);
            writer.AddPack(pack, [.. blobs]);
            await vault.Vault.SaveAsync(ObjectKind.Index, writer.Finish(), CancellationToken.None);
            await vault.Vault.Backend.SaveAsync(new(ObjectKind.Pack, pack), EveryKind.Content(1000, 1), CancellationToken.None);
        }

        for (var round = 0; round < 2; round++)
        {
            var run = await vault.Vault.RestoreAsync(tree, vault.Beside("restored"));
            Assert.Equal(blobs.Count, run.Problems.Select(p => p.Path).Distinct().Count());
        }
    }

    private static ObjectId Forge(FolderVault vault, Func<Forger, ObjectId> make)
    {
        using var forger = new Forger(vault);
        var tree = make(forger);
        forger.Complete();
        return tree;
    }

    /// <summary>Into a new folder, into it again, and once more to be told only.</summary>
    private static async Task RestoreAsync(Func<Forger, ObjectId> make, Action<SeenTree, RestoreRun> check, bool again = true)
    {
        await using var vault = await FolderVault.MakeAsync();
        var tree = Forge(vault, make);
        using (var outside = HandMade.At(vault.Beside("outside")))
        {
            outside.File("file", "untouched"u8);
        }

        var before = SeenTree.Of(vault.Beside("outside"));
        var target = vault.Beside("restored");
        var dry = await vault.Vault.RestoreAsync(tree, target, w => w with { DryRun = true });
        Assert.False(Directory.Exists(target));
        for (var round = 0; round < (again ? 2 : 1); round++)
        {
            var run = await vault.Vault.RestoreAsync(tree, target, w => w with { Delete = round == 1, OwnersByName = round == 1 });
            check(SeenTree.Of(target), run);
            Assert.True(dry.Problems.Count <= run.Problems.Count);
        }

        SeenTree.MustBeSame(before, SeenTree.Of(vault.Beside("outside")));
        Assert.Equal(["outside", "restored", "vault"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(target)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.False(File.Exists("/etc/kedge-evil"));
    }
}
