using System.Text;
using Kedge.Vault.Browse.Dump;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Browse;

/// <summary>What an archive says of an entry.</summary>
public sealed class HeadersOfArchives
{
    [Fact]
    public async Task Hold_attributes_and_access_lists()
    {
        var node = new TreeNode { Kind = NodeKind.File, ModifiedAt = new(5, 0, 0) };
        node.ExtendedAttributes.Add(new("user.a=b%"u8.ToArray(), "value=\n"u8.ToArray()));
        byte[] list = [2, 0, 0, 0, .. Entry(1, 6, uint.MaxValue), .. Entry(2, 7, 1000), .. Entry(4, 4, uint.MaxValue), .. Entry(16, 5, uint.MaxValue), .. Entry(32, 0, uint.MaxValue)];
        node.ExtendedAttributes.Add(new("system.posix_acl_access"u8.ToArray(), list));
        var end = await ListAsync("file"u8.ToArray(), node, "-tvvf", "--xattrs", "--xattrs-include=*", "--acls");
        Assert.Equal("", end.Errors);
        Assert.Contains("x: 7 user.a=b%\n", end.Output, StringComparison.Ordinal);
        Assert.Contains("a: user::rw-,user:1000:rwx,group::r--,mask::r-x,other::---\n", end.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8_589_934_592, 2_097_152U)]
    [InlineData(100_000_000_000_000, uint.MaxValue)]
    public async Task Hold_large_numbers(long size, uint owner)
    {
        var node = new TreeNode { Kind = NodeKind.File, Size = size, UserId = owner, ModifiedAt = new(1L << 33, 500_000_000, 0), Group = "größe" };
        var end = await ListAsync("file"u8.ToArray(), node, "-tvf", "--full-time", "--utc");
        Assert.Contains($" {owner}/größe {size} 2242-03-16 12:56:32.5 file\n", end.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-2, 500_000_000, "-1.5")]
    [InlineData(-1, 250_000_000, "-0.75")]
    [InlineData(-3, 0, "-3")]
    [InlineData(7, 1, "7.000000001")]
    public void Hold_times_before_1970_as_well(long seconds, int nanoseconds, string text)
    {
        var records = new PaxRecords();
        records.AddTime("mtime", new(seconds, nanoseconds, 0));
        Assert.EndsWith($" mtime={text}\n", Encoding.ASCII.GetString(records.ToBytes()), StringComparison.Ordinal);
    }

    /// <summary>Lengths around which the digits of a record's length become more.</summary>
    [Fact]
    public void Have_records_that_are_as_long_as_they_say()
    {
        for (var length = 0; length < 1100; length++)
        {
            var records = new PaxRecords();
            records.Add("a", new('x', length));
            var bytes = records.ToBytes();
            Assert.StartsWith($"{bytes.Length} a=", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("x", 99)]
    [InlineData("x", 100)]
    [InlineData("x", 101)]
    [InlineData("folder/x", 100)]
    [InlineData("folder/x", 101)]
    [InlineData("folder/x", 107)]
    [InlineData("folder/x", 108)]
    [InlineData("LONG/x", 250)]
    [InlineData("LONG/x", 300)]
    [InlineData("\u00ff/x", 90)]
    [InlineData("\u00ff/x", 300)]
    public async Task Hold_any_name(string beginning, int length)
    {
        // Latin 1, so that U+00FF is a byte that is no UTF-8.
        var path = Encoding.Latin1.GetBytes(beginning.Replace("LONG", new('l', 150), StringComparison.Ordinal).PadRight(length, 'x'));
        var node = new TreeNode { Kind = NodeKind.Symlink, ModifiedAt = new(1_700_000_000, 0, 0), LinkTarget = path };
        var end = await ListAsync(path, node, "-tvf", "--quoting-style=escape", "--utc");
        var name = Encoding.Latin1.GetString(path).Replace("\u00ff", @"\377", StringComparison.Ordinal);
        Assert.Equal("", end.Errors);
        Assert.EndsWith($"2023-11-14 22:13 {name} -> {name}\n", end.Output, StringComparison.Ordinal);
    }

    private static async Task<ProgramEnd> ListAsync(byte[] path, TreeNode node, params string[] options)
    {
        using var folder = new TestFolder();
        var archive = Path.Join(folder.Path, "archive");
        await File.WriteAllBytesAsync(archive, [.. TarHeader.Of(path, node, null), .. new byte[1024]]);
        return await Programs.RunAsync(
            "/bin/tar", [options[0], archive, .. options[1..]], new Dictionary<string, string?> { ["LC_ALL"] = "C" }, CancellationToken.None);
    }

    private static byte[] Entry(ushort tag, ushort rights, uint number) => [.. BitConverter.GetBytes(tag), .. BitConverter.GetBytes(rights), .. BitConverter.GetBytes(number)];
}
