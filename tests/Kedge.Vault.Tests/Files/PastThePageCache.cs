using Kedge.Vault.Backends;
using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Files;

/// <summary>What is read from a disk and written to it without the page cache, whatever its length.</summary>
public sealed class PastThePageCache
{
    private const int Stretch = 1 << 20;

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    [InlineData((3 << 20) + 1)]
    [InlineData((3 << 20) + 4095)]
    public async Task A_file_is_read_whole_and_does_not_stay_in_the_cache(int length)
    {
        using var folder = Disk();
        var content = EveryKind.Content(length, 7);
        using var file = await UncachedAsync(folder, content);
        using (var reader = new DirectReader(file, length))
        {
            Assert.Equal(content, Read(reader, length, shift: 0));
        }

        using var resident = new ResidentPages(file, length);
        Assert.False(resident.Have(0, Math.Min(length, Stretch)));
    }

    [Fact]
    public async Task Memory_that_no_disk_can_write_to_does_as_well()
    {
        using var folder = Disk();
        var content = EveryKind.Content((2 << 20) + 77, 8);
        using var file = await UncachedAsync(folder, content);
        using var reader = new DirectReader(file, content.Length);
        Assert.Equal(content, Read(reader, content.Length, shift: 1));
    }

    [Fact]
    public async Task What_is_cached_comes_from_there()
    {
        using var folder = Disk();
        var content = EveryKind.Content(2 << 20, 9);
        using var file = await UncachedAsync(folder, content);
        Assert.Equal(Errno.None, file.Read(new byte[content.Length], 0, out _));
        using var resident = new ResidentPages(file, content.Length);
        Assert.True(resident.Have(0, content.Length));
        using var reader = new DirectReader(file, content.Length);
        Assert.Equal(content, Read(reader, content.Length, shift: 0));
    }

    [Theory]
    [InlineData((1 << 20) - 1, 0)]
    [InlineData(1 << 20, 0)]
    [InlineData((16 << 20) + 1, 0)]
    [InlineData((16 << 20) + 4096, 0)]
    [InlineData((2 << 20) + 5, 1)]
    public async Task A_pack_is_written_whole(int length, int shift)
    {
        using var folder = Disk();
        await using var backend = VaultLocation.Parse(folder.Path).Open(new(), TimeProvider.System);
        await backend.PrepareAsync(Ends);
        var content = AlignedBuffer.Make(length + shift)[shift..];
        EveryKind.Content(length, 10).CopyTo(content);
        var name = new ObjectName(ObjectKind.Pack, ObjectId.Of(content.Span));
        await backend.SaveAsync(name, content, Ends);
        var path = Path.Join(folder.Path, "data", name.Id.ToString()[..2], name.Id.ToString());
        Assert.Equal(name.Id, ObjectId.Of(await File.ReadAllBytesAsync(path, Ends)));
    }

    private static TestFolder Disk()
    {
        var folder = TestFolder.OnDisk();
        if (new DriveInfo(folder.Path).DriveFormat == "tmpfs")
        {
            folder.Dispose();
            Assert.Skip("the tests stand in memory, where nothing is read from a disk");
        }

        return folder;
    }

    private static async Task<FileHandle> UncachedAsync(TestFolder folder, byte[] content)
    {
        const int dropFromCache = 4;
        await File.WriteAllBytesAsync(Path.Join(folder.Path, "file"), content, Ends);
        Assert.Equal(Errno.None, FolderHandle.Open(PathBytes.Of(folder.Path), out var open));
        using (open)
        {
            Assert.Equal(Errno.None, open.OpenFile("file"u8, out var file, out _));
            Assert.Equal(Errno.None, file.SyncContent());
            Assert.Equal(0, LibC.posix_fadvise(file, 0, 0, dropFromCache));
            return file;
        }
    }

    private static byte[] Read(DirectReader reader, int length, int shift)
    {
        var content = new byte[length];
        var room = AlignedBuffer.Make((2 * Stretch) + shift).Span[shift..];
        for (var at = 0; at < length; at += Stretch)
        {
            var wanted = Math.Min(Stretch, length - at);
            Assert.Equal(Errno.None, reader.Read(room, wanted, at, out var count));
            Assert.Equal(wanted, count);
            room[..count].CopyTo(content.AsSpan(at));
        }

        return content;
    }
}
