using System.Text;
using Kedge.Vault.Backup;
using Kedge.Vault.Chunking;
using Kedge.Vault.Filters;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Backup;

/// <summary>Files and folders at the limits of what a file system can have: backed up, restored, the same.</summary>
public sealed class HardTrees
{
    [Fact]
    public async Task A_hundred_thousand_files_in_one_folder()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        using (var top = HandMade.At(data))
        {
            for (var number = 0; number < 100_000; number++)
            {
                top.File($"file number {number}", [(byte)number, (byte)(number >> 8 & 7)]);
            }
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        Assert.Equal(100_000UL, backup.Summary.FilesNew);
        var again = (await vault.BackUpAgainAsync(data)).WithoutProblems();
        Assert.Equal(await vault.FolderAsync(backup, data), await vault.FolderAsync(again, data));
        (await vault.RestoreAsync(again, vault.Beside("restored"))).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tree_of_2000_levels(bool isFiltered)
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        const int levels = 2_000;
        MakeDeep(data, levels);
        var wanted = Runs.Backup(data) with { Filter = isFiltered ? new ExcludedPaths([PathPatterns.Parse(["*.tmp"u8.ToArray()], ignoresCase: false)]) : null };
        var backup = (await vault.Vault.BackUpAsync(wanted)).WithoutProblems();
        Assert.Equal((ulong)(levels / 100) + 1, backup.Summary.FilesNew);
        await vault.MustBeSoundAsync();
        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data);
    }

    [Fact]
    public async Task A_tree_deeper_than_any_stack()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        MakeDeep(data, 20_000);
        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        Assert.Equal(201UL, backup.Summary.FilesNew);
        (await vault.BackUpAgainAsync(data)).WithoutProblems();
        await vault.MustBeSoundAsync();
    }

    [Fact]
    public async Task A_path_of_4000_bytes_that_restic_reads_too()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("d");
        MakeDeep(data, 1_950);
        (await vault.BackUpAsync(data)).WithoutProblems();
        using var restic = vault.Restic("0.18");
        (await restic.RunAsync("check", "--read-data")).Succeeded();
        (await restic.RunAsync("restore", $"latest:{data}", "--target", vault.Beside("r"))).Succeeded();
        // What is restored into has its own owner and permissions.
        SeenTree.MustBeSame(data, vault.Beside("r"), ".");
    }

    [Fact]
    public async Task A_sparse_file_of_100_GiB()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        const long size = 100L << 30;
        using (var top = HandMade.At(data))
        {
            top.Sparse("disk.img", size, (0, EveryKind.Content(5000, 1)), (33_333_333_333, EveryKind.Content(3_000_000, 2)), (70L << 30, EveryKind.Content(1, 3)), (size - 4096, EveryKind.Content(4096, 4)));
            top.Sparse("ends in a hole.img", size, (1 << 20, EveryKind.Content(4096, 5)));
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        Assert.True(backup.Summary.DataAdded < 40_000_000, $"{backup.Summary.DataAdded} bytes are new");
        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data);
        Assert.All(SeenTree.Of(vault.Beside("restored") + data).Entries.Values, e => Assert.True(e.Allocated < 20_000_000, $"{e.Allocated} bytes for holes"));
    }

    [Fact]
    public async Task Files_as_long_as_a_cut_may_be_and_a_byte_more_or_less()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        var sizes = CutSizes.Ordinary;
        using (var top = HandMade.At(data))
        {
            var seed = 0;
            foreach (var size in new[] { 0, 3, sizes.Minimum, sizes.Normal, sizes.Maximum, 2 * sizes.Maximum, CutSizes.Hole, 3 << 19 })
            {
                foreach (var length in new[] { size - 1, size, size + 1 }.Where(l => l >= 0))
                {
                    top.File($"random {size} {length}", EveryKind.Content(length, ++seed));
                    top.File($"zeros {size} {length}", new byte[length]);
                    top.Sparse($"hole {size} {length}", length);
                    top.File($"paged {size} {length}", Paged(length));
                }
            }
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data);

        static byte[] Paged(int length)
        {
            var content = EveryKind.Content(length, length);
            "SQLite format 3\0"u8[..Math.Min(16, length)].CopyTo(content);
            return content;
        }
    }

    [Fact]
    public async Task The_same_content_many_times_at_once_is_stored_once()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        using (var top = HandMade.At(data))
        {
            for (var number = 0; number < 200; number++)
            {
                top.File($"{number}", EveryKind.Content(100_000, 1));
            }
        }

        var backup = (await vault.Vault.BackUpAsync(Runs.Backup(data) with { Threads = 8 })).WithoutProblems();
        Assert.Equal(1UL, backup.Summary.DataBlobs);
        var packed = (await vault.Vault.LoadIndexAsync(CancellationToken.None)).Packs().SelectMany(p => p.Blobs).ToList();
        Assert.Equal(packed.Count, packed.DistinctBy(b => b.Name).Count());
    }

    [Fact]
    public async Task What_is_mounted_below_is_an_empty_folder_where_the_file_system_is_not_to_be_left()
    {
        const string mountPoint = "/dev/shm";
        Assert.SkipUnless(File.ReadLines("/proc/self/mounts").Any(m => m.Split(' ')[1] == mountPoint), $"nothing is mounted at {mountPoint}");
        await using var vault = await FolderVault.MakeAsync();
        var file = $"{mountPoint}/{Path.GetRandomFileName()}";
        await File.WriteAllTextAsync(file, "not ours");
        try
        {
            var backup = await vault.Vault.BackUpAsync(Runs.Backup("/dev") with { OneFileSystem = true });
            Assert.DoesNotContain(file, backup.Acts.Keys);
            await vault.Vault.RestoreAsync(backup.Outcome.File.Tree, vault.Beside("restored"), w => w with { Filter = new IncludedPaths([PathPatterns.Parse([Encoding.UTF8.GetBytes(mountPoint)], ignoresCase: false)]) });
            Assert.Empty(Directory.EnumerateFileSystemEntries(vault.Beside("restored") + mountPoint));
            var whole = await vault.Vault.BackUpAsync(Runs.Backup(file) with { OneFileSystem = true });
            Assert.Equal([(file, BackupAct.New)], whole.Acts.Select(a => (a.Key, a.Value)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void MakeDeep(string path, int levels)
    {
        var at = HandMade.At(path);
        for (var level = 1; level <= levels; level++)
        {
            var next = at.Folder("d");
            if (level % 100 == 0)
            {
                at.File("on the way", [(byte)level]);
            }

            at.Dispose();
            at = next;
        }

        at.File("end", "the end"u8);
        at.Dispose();
    }
}
