using System.Text.Json.Nodes;
using Kedge.Vault.Backup;
using Kedge.Vault.Locking;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Interop;

/// <summary>restic and we back the same files up into one vault, one after the other and at the same time.</summary>
public sealed class InTurns
{
    [Theory]
    [InlineData("0.14")]
    [InlineData("0.18")]
    public async Task Nobody_reads_again_what_the_other_has_backed_up(string version)
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        EveryKind.Make(data);
        var files = SeenTree.Of(data).Entries.Values.Count(e => e.Kind == "File");
        using var restic = vault.Restic(version);
        await ByResticAsync(restic, data);

        var ours = (await vault.BackUpAgainAsync(data)).WithoutProblems();
        Assert.Equal(0, ours.Acts.Values.Count(act => act != BackupAct.Unchanged));
        Assert.Equal(files, ours.Acts.Count);
        Assert.Equal(0UL, ours.Summary.DataBlobs);

        var theirs = await ByResticAsync(restic, data);
        Assert.Equal((0, 0, files), (theirs.New, theirs.Changed, theirs.Unchanged));
        Assert.Equal(0, theirs.DataBlobs);

        // restic notes the device of everything, we that of hard links alone: it changes from one mount to the next.
        Assert.Equal(theirs.Folders, FoldersOf(ours));
        Assert.Equal(theirs.Folders, FoldersOf(await vault.BackUpAgainAsync(data)));
        ours = await vault.BackUpAgainAsync(data);
        Assert.Equal(theirs.Folders, (int)ours.Summary.FoldersUnmodified);

        using (var folder = HandMade.At(data))
        {
            folder.File("new", "new"u8);
            await File.AppendAllTextAsync(Path.Join(data, "files", "small"), "more");
        }

        ours = (await vault.BackUpAgainAsync(data)).WithoutProblems();
        Assert.Equal([$"{data}/files/small Changed", $"{data}/new New"], ours.Acts.Where(a => a.Value != BackupAct.Unchanged).Select(a => $"{a.Key} {a.Value}").Order(StringComparer.Ordinal));
        // /dev/shm/vault/data and what has changed in it.
        Assert.Equal(data.Count(c => c == '/') + 1, (int)ours.Summary.FoldersChanged);
        await File.AppendAllTextAsync(Path.Join(data, "files", "small"), "and more");
        theirs = await ByResticAsync(restic, data);
        Assert.Equal((0, 1, files), (theirs.New, theirs.Changed, theirs.Unchanged));
        (await vault.RestoreAsync(await vault.BackUpAgainAsync(data), vault.Beside("restored"))).WithoutProblems();
        SeenTree.MustBeSame(data, vault.Beside("restored") + data);
        (await restic.RunAsync("check", "--read-data")).Succeeded();
        await vault.MustBeSoundAsync();
    }

    [Fact]
    public async Task All_write_at_the_same_time()
    {
        await using var vault = await FolderVault.MakeAsync();
        string[] folders = [.. Enumerable.Range(0, 4).Select(n => vault.Beside($"data{n}"))];
        foreach (var (folder, seed) in folders.Zip([1, 2, 1, 3]))
        {
            EveryKind.Make(folder, seed);
        }

        using var older = vault.Restic("0.14");
        using var newer = vault.Restic("0.18");
        var runs = new[] { OursAsync(folders[0]), OursAsync(folders[2]), ByResticAsync(older, folders[1]), ByResticAsync(newer, folders[3]) };
        await Task.WhenAll(runs);
        await vault.MustBeSoundAsync();
        (await newer.RunAsync("check", "--read-data")).Succeeded();
        Assert.Equal("", (await older.RunAsync("list", "locks")).Succeeded());
        foreach (var snapshot in (await vault.ListAsync()).Snapshots)
        {
            var (path, target) = (snapshot.File.Paths[0], vault.Beside($"restored {snapshot.Id.Short}"));
            (await vault.Vault.RestoreAsync(snapshot.File.Tree, target)).WithoutProblems();
            var but = snapshot.File.ProgramVersion.StartsWith("kedge", StringComparison.Ordinal) ? Array.Empty<string>() : [EveryKind.Socket, EveryKind.OddLink, EveryKind.LinkWithAttribute];
            SeenTree.MustBeSame(path, target + path, but);
        }

        async Task OursAsync(string folder)
        {
            await using var vaultAgain = await vault.OpenAsync(FolderVault.Password);
            await using var taken = await VaultLock.BeginAsync(vaultAgain, new("harbour", "ann", Environment.ProcessId, 0, 0), exclusive: false, TimeSpan.Zero, CancellationToken.None);
            var outcome = await VaultBackup.RunAsync(vaultAgain, Runs.Backup(folder), taken, CancellationToken.None);
            Assert.Equal(0, outcome.Problems);
        }
    }

    private static int FoldersOf(BackupRun run) => (int)(run.Summary.FoldersNew + run.Summary.FoldersChanged + run.Summary.FoldersUnmodified);

    private static async Task<(int New, int Changed, int Unchanged, int DataBlobs, int Folders)> ByResticAsync(Restic restic, string folder)
    {
        var lines = (await restic.RunAsync("backup", "--json", "--host", "harbour", folder)).Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var summary = JsonNode.Parse(lines[^1])!;
        return (Number("files_new"), Number("files_changed"), Number("files_unmodified"), Number("data_blobs"), Number("dirs_new") + Number("dirs_changed") + Number("dirs_unmodified"));

        int Number(string name) => summary[name]!.GetValue<int>();
    }
}
