using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Kedge.Vault.Browse;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Browse;

/// <summary>Files and folders that are written into a stream.</summary>
public sealed class Dumps
{
    [Theory]
    [InlineData("0.14", 1)]
    [InlineData("0.18", 2)]
    public async Task Of_files_that_restic_stored_are_their_bytes(string version, int format)
    {
        await using var vault = await FolderVault.MadeByResticAsync(version, format);
        var folder = vault.Beside("data");
        await SampleTree.MakeAsync(folder);
        var snapshot = await SampleTree.BackUpByResticAsync(vault, version, folder);
        foreach (var name in new[] { "photos/large.jpg", "photos/zeros", "docs/nothing", "docs/new\nline", "docs/grüße.txt" })
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Join(folder, name)), await DumpAsync(vault, snapshot, Encoding.UTF8.GetBytes($"{folder}/{name}"), new()));
        }

        byte[] odd = [.. Encoding.UTF8.GetBytes($"{folder}/docs/bad"), 0xff, .. "byte"u8];
        Assert.Equal("y"u8.ToArray(), await DumpAsync(vault, snapshot, odd, new()));
    }

    [Fact]
    public async Task Of_large_files_are_their_bytes_whatever_order_their_pieces_have()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("data");
        Directory.CreateDirectory(folder);
        var random = new Random(5);
        var pieces = Enumerable.Range(0, 12).Select(_ => Bytes(random, 700_000)).ToArray();
        // The same pieces again and again, in another order each time.
        using (var file = File.Create(Path.Join(folder, "large")))
        {
            for (var round = 0; round < 8; round++)
            {
                random.Shuffle(pieces);
                foreach (var piece in pieces)
                {
                    file.Write(piece);
                }
            }
        }

        var snapshot = await SampleTree.BackUpAsync(vault, folder);
        using var source = File.OpenRead(Path.Join(folder, "large"));
        using var dumped = SHA256.Create();
        await using (var target = new CryptoStream(Stream.Null, dumped, CryptoStreamMode.Write))
        {
            await VaultDump.RunAsync(vault.Vault, await IndexAsync(vault), snapshot.File.Tree, Encoding.UTF8.GetBytes($"{folder}/large"), new(), target, CancellationToken.None);
        }

        Assert.Equal(await SHA256.HashDataAsync(source), dumped.Hash);
    }

    [Theory]
    [InlineData("0.14")]
    [InlineData("0.18")]
    public async Task Of_folders_are_archives_from_which_tar_makes_the_same(string version)
    {
        await using var vault = await FolderVault.MadeByResticAsync(version, 2);
        var folder = vault.Beside("data");
        await SampleTree.MakeAsync(folder);
        foreach (var snapshot in new[] { await SampleTree.BackUpByResticAsync(vault, version, folder), await SampleTree.BackUpAsync(vault, folder) })
        {
            var index = await IndexAsync(vault);
            var tree = await TreeLookup.FolderAsync(vault.Vault, index, snapshot.File.Tree, folder, CancellationToken.None);
            var archive = vault.Beside("archive.tar");
            await using (var file = File.Create(archive))
            {
                await VaultDump.RunAsync(vault.Vault, index, tree, default, new(), file, CancellationToken.None);
            }

            var extracted = vault.Beside($"extracted-{snapshot.Id.Short}");
            Directory.CreateDirectory(extracted);
            var end = await Programs.RunAsync("/bin/tar", ["-xpf", archive, "-C", extracted, "--numeric-owner", "--warning=no-timestamp"], new Dictionary<string, string?>(), CancellationToken.None);
            Assert.Equal("", end.Errors);
            Assert.Equal(await SampleTree.DescribeAsync(folder), await SampleTree.DescribeAsync(extracted));
        }
    }

    [Fact]
    public async Task Of_folders_are_archives_that_others_read_too()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("data");
        await SampleTree.MakeAsync(folder);
        var snapshot = await SampleTree.BackUpAsync(vault, folder);
        var archive = await DumpAsync(vault, snapshot, Encoding.UTF8.GetBytes($"{folder}/docs"), new());
        Assert.Equal(0, archive.Length % 10_240);
        var names = new List<string>();
        await using var reader = new TarReader(new MemoryStream(archive));
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            names.Add(entry.Name);
            if (entry.Name == $"{folder[1..]}/docs/readme.txt")
            {
                Assert.Equal("hello\n", await new StreamReader(entry.DataStream!).ReadToEndAsync());
                Assert.Equal("0001-01-01T00:00:00.0000000+00:00", entry.ModificationTime.AddTicks(-new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567).Ticks).ToString("O"));
            }
        }

        Assert.Contains($"{folder[1..]}/docs/deep/deeper/", names);
        Assert.Contains($"{folder[1..]}/docs/grüße.txt", names);
    }

    [Fact]
    public async Task Of_folders_can_be_zip_archives()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("data");
        await SampleTree.MakeAsync(folder);
        var snapshot = await SampleTree.BackUpAsync(vault, folder);
        var left = new List<string>();
        var wanted = new DumpWanted { Archive = ArchiveKind.Zip, OnProblem = problem => left.Add(problem.Entry.PathText) };
        var bytes = await DumpAsync(vault, snapshot, Encoding.UTF8.GetBytes(folder), wanted);
        Assert.Contains($"{folder}/docs/pipe", left);
        await using var archive = new ZipArchive(new MemoryStream(bytes));
        var large = archive.GetEntry($"{folder[1..]}/photos/large.jpg")!;
        using var content = new MemoryStream();
        await (await large.OpenAsync()).CopyToAsync(content);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Join(folder, "photos/large.jpg")), content.ToArray());
        Assert.NotNull(archive.GetEntry($"{folder[1..]}/docs/bad\\xffbyte"));
        Assert.Equal("../readme.txt", await new StreamReader(await archive.GetEntry($"{folder[1..]}/docs/deep/link")!.OpenAsync()).ReadToEndAsync());
    }

    [Fact]
    public async Task Are_the_same_through_a_server()
    {
        await using var server = await RestServer.StartAsync();
        await using var near = await FolderVault.MakeAsync();
        var folder = near.Beside("data");
        await SampleTree.MakeAsync(folder);
        var snapshot = await SampleTree.BackUpAsync(near, folder);
        Directory.Move(near.Path, Path.Join(server.Folder, "vault"));
        await using var far = await VaultRepository.OpenAsync(
            server.Location("vault").Open(new(), TimeProvider.System), FolderVault.Password.AsMemory(), TimeProvider.System, CancellationToken.None);
        var index = await far.LoadIndexAsync(CancellationToken.None);
        var through = new MemoryStream();
        await VaultDump.RunAsync(far, index, snapshot.File.Tree, default, new(), through, CancellationToken.None);
        Directory.Move(Path.Join(server.Folder, "vault"), near.Path);
        Assert.Equal(await DumpAsync(near, snapshot, [], new()), through.ToArray());
    }

    [Fact]
    public async Task End_clearly_where_the_path_leads_nowhere()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("data");
        await SampleTree.MakeAsync(folder);
        var snapshot = await SampleTree.BackUpAsync(vault, folder);
        Assert.Equal(VaultFault.NotFound, (await RefusalAsync("/docs/none")).Fault);
        Assert.Contains("symbolic link", (await RefusalAsync("/docs/deep/link/x")).Message, StringComparison.Ordinal);
        Assert.Equal(VaultFault.Misuse, (await RefusalAsync("/docs/pipe")).Fault);

        Task<VaultException> RefusalAsync(string path) =>
            Assert.ThrowsAsync<VaultException>(() => DumpAsync(vault, snapshot, Encoding.UTF8.GetBytes(folder + path), new()));
    }

    [Fact]
    public async Task Take_a_good_copy_where_one_is_damaged_and_name_the_file_where_none_is_good()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("data");
        await SampleTree.MakeAsync(folder);
        var snapshot = await SampleTree.BackUpAsync(vault, folder);
        var index = await IndexAsync(vault);
        var large = Encoding.UTF8.GetBytes($"{folder}/photos/large.jpg");
        var entry = (await TreeLookup.EntryAsync(vault.Vault, index, snapshot.File.Tree, large, CancellationToken.None))!;
        Assert.True(index.TryFind(new(BlobKind.Data, entry.Node.Content[0]), out var place));
        var pack = Path.Join(vault.Path, "data", place.Pack.ToString()[..2], place.Pack.ToString());
        // The same pack under another name: every blob has two copies.
        var copy = ObjectId.Of("a copy"u8);
        File.Copy(pack, Path.Join(vault.Path, "data", copy.ToString()[..2], copy.ToString()));
        var both = new BlobIndex();
        foreach (var (id, blobs) in index.Packs())
        {
            both.AddPack(id, [.. blobs]);
            if (id == place.Pack)
            {
                both.AddPack(copy, [.. blobs]);
            }
        }

        both.Seal();
        var content = await File.ReadAllBytesAsync(pack);
        content[place.Entry.Offset + 100] ^= 4;
        File.Delete(pack);
        await File.WriteAllBytesAsync(pack, content);
        var target = new MemoryStream();
        await VaultDump.RunAsync(vault.Vault, both, snapshot.File.Tree, large, new(), target, CancellationToken.None);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Join(folder, "photos/large.jpg")), target.ToArray());

        // With the index as it was there is one copy, in the damaged pack, of which a part is read before.
        await using var again = await vault.OpenAsync(FolderVault.Password);
        var problem = await Assert.ThrowsAsync<VaultException>(() => VaultDump.RunAsync(again, index, snapshot.File.Tree, large, new(), Stream.Null, CancellationToken.None));
        Assert.Equal(VaultFault.Damaged, problem.Fault);
        Assert.Contains("photos/large.jpg", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_when_nobody_reads_any_more()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("data");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Join(folder, "large"), Bytes(new Random(1), 40_000_000));
        var snapshot = await SampleTree.BackUpAsync(vault, folder);
        var index = await IndexAsync(vault);
        await Assert.ThrowsAsync<IOException>(() => VaultDump.RunAsync(vault.Vault, index, snapshot.File.Tree, default, new(), new ClosedPipe(), CancellationToken.None));
    }

    private static Task<BlobIndex> IndexAsync(FolderVault vault) => vault.Vault.LoadIndexAsync(CancellationToken.None);

    private static async Task<byte[]> DumpAsync(FolderVault vault, StoredSnapshot snapshot, byte[] path, DumpWanted wanted)
    {
        var target = new MemoryStream();
        await VaultDump.RunAsync(vault.Vault, await IndexAsync(vault), snapshot.File.Tree, path, wanted, target, CancellationToken.None);
        return target.ToArray();
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>As when the reader of a pipe has gone.</summary>
    private sealed class ClosedPipe : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new IOException("Broken pipe"));
    }
}
