using System.Text;
using Kedge.Vault.Backends;
using Kedge.Vault.Backup;
using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Backup;

/// <summary>Somebody is at work in the folder while it is backed up: what may be torn is told, and the snapshot is sound.</summary>
public sealed class WhenFilesChange
{
    /// <summary>Longer than all buffers on the way to the storage, so that most of it is not read when the first pack is stored.</summary>
    private const int Large = 144 << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_shrinks_is_as_long_as_what_was_read_of_it(bool isPaged) =>
        await ChangeAsync(isPaged, file => file.SetLength(9_000_001), (backup, restored) =>
        {
            // What was read before is kept.
            Assert.InRange(restored.Length, 9_000_001, Large - 1);
            Assert.Contains(backup.Problems, p => p.What == "changed while it was read" && !p.IsLost);
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_grows_has_what_it_had(bool isPaged) =>
        await ChangeAsync(
            isPaged,
            file =>
            {
                file.Seek(0, SeekOrigin.End);
                file.Write(new byte[10_000]);
            },
            (backup, restored) => Assert.Equal(Large, restored.Length));

    [Fact]
    public async Task A_file_that_is_cut_off_and_filled_again_is_as_long_as_its_pieces() =>
        await ChangeAsync(
            isPaged: true,
            file =>
            {
                file.SetLength(9_000_001);
                file.SetLength(Large);
            },
            (backup, restored) => Assert.Contains(backup.Problems, p => p.What == "changed while it was read" && !p.IsLost));

    [Fact]
    public async Task What_vanishes_or_turns_into_something_else_before_it_is_opened_is_told()
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        using var top = HandMade.At(data);
        foreach (var name in new[] { "becomes a folder", "becomes a link", "becomes a pipe", "stays", "vanishes" })
        {
            top.File(name, Encoding.ASCII.GetBytes(name));
        }

        foreach (var name in new[] { "folder becomes a file", "folder becomes a link", "folder vanishes" })
        {
            top.Folder(name).Dispose();
            await File.WriteAllTextAsync(Path.Join(data, name, "inside"), name);
        }

        Directory.CreateDirectory(vault.Beside("outside"));
        await File.WriteAllTextAsync(Path.Join(vault.Beside("outside"), "secret"), "not to be backed up");
        var filter = new Moment($"{data}/vanishes", () =>
        {
            foreach (var name in Directory.GetFiles(data).Select(Path.GetFileName).Where(n => n != "stays"))
            {
                File.Delete(Path.Join(data, name));
            }

            Directory.CreateDirectory(Path.Join(data, "becomes a folder"));
            top.Link("becomes a link", "../outside/secret");
            top.Special("becomes a pipe", FileKind.Pipe);
            foreach (var name in Directory.GetDirectories(data).Where(n => n.Contains("/folder ", StringComparison.Ordinal)))
            {
                Directory.Delete(name, recursive: true);
            }

            top.File("folder becomes a file", "now a file"u8);
            top.Link("folder becomes a link", "../outside");
        });
        var backup = await vault.Vault.BackUpAsync(Runs.Backup(data) with { Filter = filter });
        Assert.Equal([$"{data}/stays"], backup.Acts.Keys);
        Assert.Equal(
            ["becomes a folder", "becomes a link", "becomes a pipe", "folder becomes a file", "folder becomes a link", "folder vanishes", "vanishes"],
            backup.Problems.Where(p => p.IsLost).Select(p => Path.GetFileName(p.Path)).Order(StringComparer.Ordinal));
        await vault.MustBeSoundAsync();
        (await vault.RestoreAsync(backup, vault.Beside("restored"))).WithoutProblems();
        Assert.Equal([".", "stays"], SeenTree.Of(vault.Beside("restored") + data).Entries.Keys);
    }

    private static async Task ChangeAsync(bool isPaged, Action<FileStream> change, Action<BackupRun, FileInfo> check)
    {
        await using var made = await FolderVault.MakeAsync();
        var data = made.Beside("data");
        var content = EveryKind.Content(Large, 1);
        if (isPaged)
        {
            "SQLite format 3\0"u8.CopyTo(content);
        }

        using (var top = HandMade.At(data))
        {
            top.File("large", content);
        }

        var changes = 0;
        var backend = new WatchedBackend(VaultLocation.Parse(made.Path).Open(new(), TimeProvider.System));
        backend.BeforeSaving = name =>
        {
            if (name.Kind == ObjectKind.Pack && Interlocked.Increment(ref changes) == 1)
            {
                using var file = new FileStream(Path.Join(data, "large"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                change(file);
            }
        };
        await using var vault = await VaultRepository.OpenAsync(backend, FolderVault.Password.AsMemory(), TimeProvider.System, CancellationToken.None);
        var backup = await vault.BackUpAsync(Runs.Backup(data));
        Assert.NotEmpty(backup.Problems);
        await made.MustBeSoundAsync();
        (await made.RestoreAsync(backup, made.Beside("restored"))).WithoutProblems();
        var restored = new FileInfo(Path.Join(made.Beside("restored") + data, "large"));
        Assert.Equal((ulong)restored.Length, backup.Summary.TotalBytesProcessed);
        check(backup, restored);
    }

    /// <summary>Does something when the backup has come to a path.</summary>
    private sealed class Moment(string path, Action act) : IPathFilter
    {
        public bool Excludes(ReadOnlySpan<byte> seen, bool isFolder)
        {
            if (seen.SequenceEqual(Encoding.UTF8.GetBytes(path)))
            {
                act();
            }

            return false;
        }
    }
}
