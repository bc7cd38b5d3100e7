using System.Buffers.Binary;
using Kedge.Vault.Backup;
using Kedge.Vault.Chunking;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Backup;

/// <summary>Files that a database changes a page at a time are known by their first page, and a changed page stays by itself.</summary>
public sealed class FilesOfDatabases
{
    private const int Size = 9 << 20;

    [Theory]
    [InlineData("rows")]
    [InlineData("keys")]
    [InlineData("sqlite")]
    [InlineData("innodb")]
    public async Task A_changed_page_changes_one_piece(string kind)
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        var content = Content(kind);
        var layout = PagedFile.Recognize(content)!;
        Write(content);
        var first = (await vault.BackUpAsync(data)).WithoutProblems();
        Assert.Equal((ulong)((Size + layout.PieceSize - 1) / layout.PieceSize), first.Summary.DataBlobs);
        foreach (var at in new[] { 8192, (Size / 2) + 100, Size - 1 })
        {
            content[at] ^= 1;
            Write(content);
            var next = (await vault.BackUpAgainAsync(data)).WithoutProblems();
            Assert.Equal(1UL, next.Summary.DataBlobs);
            Assert.Equal([BackupAct.Changed], next.Acts.Values);
            (await vault.RestoreAsync(next, vault.Beside("restored"))).WithoutProblems();
            SeenTree.MustBeSame(data, vault.Beside("restored") + data);
        }

        // Longer by a page: the last piece, which was not full, and perhaps one more.
        Write([.. content, .. EveryKind.Content(8192, 2)]);
        Assert.InRange((await vault.BackUpAgainAsync(data)).WithoutProblems().Summary.DataBlobs, 1UL, 2UL);

        void Write(byte[] bytes)
        {
            Directory.CreateDirectory(data);
            File.WriteAllBytes(Path.Join(data, "16384"), bytes);
        }
    }

    [Fact]
    public void What_only_resembles_one_is_an_ordinary_file()
    {
        Assert.NotNull(PagedFile.Recognize(Content("rows")));
        Assert.Null(PagedFile.Recognize(Content("rows").AsSpan(0, 511)));
        Assert.Null(PagedFile.Recognize(new byte[8192]));
        Assert.Null(PagedFile.Recognize(EveryKind.Content(8192, 3)));
        foreach (var (at, value) in new[] { (12, 20), (14, 10), (16, 8193), (18, 8192 | 3), (18, 16384 | 4) })
        {
            var content = Content("rows");
            BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(at), (ushort)value);
            Assert.Null(PagedFile.Recognize(content));
        }
    }

    /// <summary>A real one, where SQLite is installed.</summary>
    [Fact]
    public async Task A_database_of_SQLite_is_one()
    {
        VaultTools.NeedInstalled("/usr/bin/sqlite3");
        await using var scratch = new Scratch();
        (await Programs.RunAsync("/usr/bin/sqlite3", [scratch["db"], "create table t (a); insert into t values (randomblob(10000));"], new Dictionary<string, string?>(), CancellationToken.None)).Succeeded();
        Assert.NotNull(PagedFile.Recognize(await File.ReadAllBytesAsync(scratch["db"])));
    }

    private static byte[] Content(string kind)
    {
        const int pageSize = 8192;
        var content = EveryKind.Content(Size, 1);
        switch (kind)
        {
            case "sqlite":
                "SQLite format 3\0"u8.CopyTo(content);
                break;
            case "innodb":
                content.AsSpan(0, 64).Clear();
                BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(24), 8);
                content[37] = content[41] = 5;
                break;
            default:
                var special = kind == "rows" ? pageSize : pageSize - 16;
                foreach (var (at, value) in new[] { (12, 100), (14, 500), (16, special), (18, pageSize | 4) })
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(at), (ushort)value);
                }

                break;
        }

        return content;
    }
}
