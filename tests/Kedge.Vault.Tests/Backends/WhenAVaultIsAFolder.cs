using System.Diagnostics;
using Kedge.Acceptance.Store;
using Kedge.Vault.Backends;
using Kedge.Vault.Backends.Local;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

public sealed class WhenAVaultIsAFolder : IDisposable
{
    private readonly TestFolder folder = new();

    private string Place => Path.Join(folder.Path, "vault");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Its_files_are_this_users_alone_and_not_to_be_written_to()
    {
        await using var backend = await PreparedAsync();
        var pack = TestObject.Random(ObjectKind.Pack, 10);
        await pack.SaveAsync(backend);
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(PathOf(pack.Name)));
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.All(Directory.EnumerateDirectories(Place, "*", SearchOption.AllDirectories).Append(Place), d => Assert.Equal(own, File.GetUnixFileMode(d)));
        Assert.Equal(256, Directory.EnumerateDirectories(Path.Join(Place, "data")).Count());
    }

    /// <summary>As restic has it.</summary>
    [Fact]
    public async Task Where_the_group_may_read_the_config_it_may_read_the_rest()
    {
        await using (var first = await PreparedAsync())
        {
            await TestObject.Random(ObjectKind.Config, 10).SaveAsync(first);
        }

        File.SetUnixFileMode(PathOf(ObjectName.Config), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        await using var backend = Open();
        var pack = TestObject.Random(ObjectKind.Pack, 10);
        await pack.SaveAsync(backend);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(PathOf(pack.Name)));
    }

    /// <summary>Copying tools leave out empty folders; old repositories made the folders of packs as they needed them.</summary>
    [Fact]
    public async Task Folders_that_are_missing_are_empty_and_made_when_needed()
    {
        await using var backend = await PreparedAsync();
        var pack = TestObject.Random(ObjectKind.Pack, 10);
        await pack.SaveAsync(backend);
        foreach (var empty in Directory.EnumerateDirectories(Place, "*", SearchOption.AllDirectories).Where(d => !Directory.EnumerateFileSystemEntries(d).Any()).ToList())
        {
            Directory.Delete(empty);
        }

        Assert.Equal([pack.Stored], await backend.ListAllAsync(ObjectKind.Pack));
        Assert.Empty(await backend.ListAllAsync(ObjectKind.Snapshot));
        Directory.Delete(Path.Join(Place, "data"), recursive: true);
        Assert.Empty(await backend.ListAllAsync(ObjectKind.Pack));
        foreach (var kind in TestObject.NamedKinds)
        {
            var stored = TestObject.Random(kind, 20, seed: 5);
            await stored.SaveAsync(backend);
            Assert.Equal([stored.Stored], await backend.ListAllAsync(kind));
        }
    }

    [Fact]
    public async Task Where_its_own_folder_is_missing_none_is_made_in_its_place()
    {
        await using var backend = Open();
        await TestBackends.FailsAsync(VaultFault.NotFound, () => TestObject.Random(ObjectKind.Pack, 10).SaveAsync(backend));
        await TestBackends.FailsAsync(VaultFault.NotFound, () => TestObject.Random(ObjectKind.Config, 10).SaveAsync(backend));
        Assert.False(Directory.Exists(Place));
    }

    [Fact]
    public async Task What_is_no_object_is_left_out()
    {
        await using var backend = await PreparedAsync();
        var pack = TestObject.Random(ObjectKind.Pack, 10);
        await pack.SaveAsync(backend);
        var here = Path.GetDirectoryName(PathOf(pack.Name))!;
        var other = TestObject.Random(ObjectKind.Pack, 20).Name.Id;
        File.WriteAllText(Path.Join(here, $"{pack.Name.Id}-tmp-0123"), "half");
        File.WriteAllText(Path.Join(here, pack.Name.Id.ToString().ToUpperInvariant()), "x");
        File.WriteAllText(Path.Join(Place, "data", pack.Name.Id.ToString()), "x");
        File.WriteAllText(Path.Join(Place, "data", other.ToString()[..2] == "00" ? "01" : "00", other.ToString()), "elsewhere");
        Directory.CreateDirectory(PathOf(new(ObjectKind.Pack, other)));
        Assert.Equal([pack.Stored], await backend.ListAllAsync(ObjectKind.Pack));
    }

    [Fact]
    public async Task What_killed_savers_left_behind_can_be_cleared_away()
    {
        await using var backend = VaultLocation.Parse(Place).Open(new() { UploadLimit = 1_000_000 }, TimeProvider.System);
        await backend.PrepareAsync(CancellationToken.None);
        var (pack, snapshot) = (TestObject.Random(ObjectKind.Pack, 10), TestObject.Random(ObjectKind.Snapshot, 10));
        await pack.SaveAsync(backend);
        await snapshot.SaveAsync(backend);
        string[] old = [PathOf(pack.Name) + "-tmp-1", PathOf(snapshot.Name) + "-tmp-2", PathOf(ObjectName.Config) + "-tmp-3"];
        string[] others = [PathOf(pack.Name) + "-tmp-4", Path.Join(Place, "notes-tmp-5"), Path.Join(Place, "data", "00", "notes-tmp-6")];
        foreach (var file in old.Concat(others))
        {
            File.WriteAllText(file, "half");
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(file.EndsWith('4') ? 0 : -2));
        }

        File.SetLastWriteTimeUtc(PathOf(pack.Name), DateTime.UtcNow.AddDays(-2));
        Assert.Equal(3, await ((IRemains)backend).ClearRemainsAsync(TimeSpan.FromDays(1), CancellationToken.None));
        Assert.DoesNotContain(old, File.Exists);
        Assert.All(others, f => Assert.True(File.Exists(f)));
        Assert.Equal(pack.Content, await backend.ReadAllAsync(pack.Name));
        Assert.Equal(snapshot.Content, await backend.ReadAllAsync(snapshot.Name));
    }

    /// <summary>The ways of file systems that cannot rename without replacing (NFS; FAT).</summary>
    [Fact]
    public void No_way_of_renaming_replaces_what_is_there()
    {
        foreach (var rename in new Action<string, string>[] { LocalCalls.Rename, LocalCalls.RenameByLink, LocalCalls.RenameAfterLook })
        {
            var (from, to) = (Path.Join(folder.Path, "from"), Path.Join(folder.Path, "to"));
            File.WriteAllText(from, "new");
            rename(from, to);
            Assert.False(File.Exists(from));
            File.WriteAllText(from, "newer");
            Assert.Equal(VaultFault.AlreadyExists, Assert.Throws<VaultException>(() => rename(from, to)).Fault);
            Assert.Equal("new", File.ReadAllText(to));
            File.Delete(to);
        }
    }

    [Fact]
    public async Task What_stands_in_a_files_place_is_not_read()
    {
        await using var backend = await PreparedAsync();
        var (pipe, directory) = (TestObject.Random(ObjectKind.Pack, 10).Name, TestObject.Random(ObjectKind.Pack, 20).Name);
        using (var mkfifo = Process.Start(new ProcessStartInfo("mkfifo", [PathOf(pipe)]))!)
        {
            await mkfifo.WaitForExitAsync();
        }

        Directory.CreateDirectory(PathOf(directory));
        await TestBackends.FailsAsync(VaultFault.Damaged, () => backend.ReadAsync(pipe, 0, 1));
        await TestBackends.FailsAsync(VaultFault.Damaged, () => backend.ReadAsync(directory, 0, 1));
    }

    [Fact]
    public async Task A_file_is_no_vault()
    {
        File.WriteAllText(Place, "");
        await using var backend = Open();
        await TestBackends.FailsAsync(VaultFault.Misuse, () => backend.LengthAsync(ObjectName.Config, CancellationToken.None));
        await TestBackends.FailsAsync(VaultFault.Misuse, () => backend.PrepareAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_pack_that_is_read_while_it_is_removed_is_whole_or_not_there()
    {
        await using var backend = await PreparedAsync();
        for (var round = 0; round < 50; round++)
        {
            var pack = TestObject.Random(ObjectKind.Pack, 10_000, round);
            await pack.SaveAsync(backend);
            var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    try
                    {
                        Assert.Equal(pack.Content, await backend.ReadAsync(pack.Name, 0, pack.Content.Length));
                    }
                    catch (VaultException e) when (e.Fault == VaultFault.NotFound)
                    {
                        return;
                    }
                }
            })).ToList();
            await backend.RemoveAsync(pack.Name, CancellationToken.None);
            await Task.WhenAll(readers);
        }
    }

    [Fact]
    public async Task However_many_packs_are_read_few_stay_open()
    {
        await using var backend = await PreparedAsync();
        var packs = Enumerable.Range(0, 300).Select(i => TestObject.Random(ObjectKind.Pack, 100, i)).ToList();
        foreach (var pack in packs)
        {
            await pack.SaveAsync(backend);
        }

        await Parallel.ForEachAsync(packs.Concat(packs), async (p, _) => Assert.Equal(p.Content, await backend.ReadAsync(p.Name, 0, 100)));
        Assert.InRange(OpenFiles(), 1, 64);
        await backend.DisposeAsync();
        Assert.Equal(0, OpenFiles());
    }

    [Fact]
    public async Task Reading_from_an_open_pack_allocates_nothing()
    {
        await using var backend = VaultLocation.Parse(Place).Open(new(), TimeProvider.System);
        await backend.PrepareAsync(CancellationToken.None);
        var pack = TestObject.Random(ObjectKind.Pack, 100_000);
        await pack.SaveAsync(backend);
        var buffer = new byte[1000];
        Assert.Equal(0, Enumerable.Range(0, 3).Select(_ => AllocatedBy(backend, pack.Name, buffer)).Min());
    }

    [Fact]
    public async Task A_full_disk_is_told_and_leaves_nothing_behind()
    {
        using var disk = new SmallDisk(4 << 20);
        await using var backend = VaultLocation.Parse(disk.Folder).OpenBare(new(), TimeProvider.System);
        await backend.PrepareAsync(CancellationToken.None);
        var pack = TestObject.Random(ObjectKind.Pack, 3 << 20);
        disk.Fill();
        await TestBackends.FailsAsync(VaultFault.NoSpace, () => pack.SaveAsync(backend));
        disk.MakeRoom();
        var large = TestObject.Random(ObjectKind.Pack, 5 << 20);
        await TestBackends.FailsAsync(VaultFault.NoSpace, () => large.SaveAsync(backend));
        Assert.Empty(Directory.EnumerateFiles(disk.Folder, "*", SearchOption.AllDirectories));
        disk.AwaitRoom(3 << 20);
        await pack.SaveAsync(backend);
        Assert.Equal(pack.Content, await backend.ReadAllAsync(pack.Name));
    }

    [Fact]
    public async Task A_disk_that_is_not_mounted_for_writing_is_told()
    {
        using var disk = new SmallDisk(4 << 20);
        await using var backend = VaultLocation.Parse(disk.Folder).OpenBare(new(), TimeProvider.System);
        await backend.PrepareAsync(CancellationToken.None);
        var (pack, other) = (TestObject.Random(ObjectKind.Pack, 10), TestObject.Random(ObjectKind.Pack, 20));
        await pack.SaveAsync(backend);
        using (var remount = Process.Start(new ProcessStartInfo("/usr/bin/mount", ["-o", "remount,ro", disk.Folder]))!)
        {
            await remount.WaitForExitAsync();
        }

        await TestBackends.FailsAsync(VaultFault.Denied, () => other.SaveAsync(backend));
        await TestBackends.FailsAsync(VaultFault.Denied, () => backend.RemoveAsync(pack.Name, CancellationToken.None));
        Assert.Equal(pack.Content, await backend.ReadAllAsync(pack.Name));
    }

    private IBackend Open() => VaultLocation.Parse(Place).OpenBare(new(), TimeProvider.System);

    private async Task<IBackend> PreparedAsync()
    {
        var backend = Open();
        await backend.PrepareAsync(CancellationToken.None);
        return backend;
    }

    private string PathOf(ObjectName name) => Path.Join(Place, StorageLayout.PathOf(name));

    private int OpenFiles() => Directory.EnumerateFiles("/proc/self/fd")
        .Count(f => new FileInfo(f).LinkTarget?.StartsWith(Place, StringComparison.Ordinal) == true);

    private static long AllocatedBy(IBackend backend, ObjectName name, byte[] buffer)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            var reading = backend.ReadAsync(name, i, buffer, CancellationToken.None);
            Assert.True(reading.IsCompletedSuccessfully);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
