using System.Globalization;
using Kedge.Vault.Files;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Interop;

/// <summary>Everything else here compares with <see cref="SeenTree"/>: does it see what other programs see, and every difference?</summary>
public sealed class TheComparison : IAsyncDisposable
{
    private readonly Scratch scratch = new();

    public ValueTask DisposeAsync() => scratch.DisposeAsync();

    [Fact]
    public async Task Sees_what_find_sees()
    {
        var folder = scratch["data"];
        EveryKind.Make(folder);
        var end = await Programs.RunAsync(
            "/usr/bin/find", [folder, "-printf", "%P\\0%y\\0%m\\0%U\\0%G\\0%T@\\0%s\\0%b\\0%i\\0\\n\\n"], new Dictionary<string, string?> { ["LC_ALL"] = "C" }, CancellationToken.None);
        var theirs = end.Succeeded().Split("\0\n\n", StringSplitOptions.RemoveEmptyEntries);
        var ours = SeenTree.Of(folder).Entries;
        Assert.Equal(theirs.Length, ours.Count);
        var kinds = new Dictionary<string, string> { ["f"] = "File", ["d"] = "Folder", ["l"] = "Link", ["p"] = "Pipe", ["s"] = "Socket", ["c"] = "CharacterDevice", ["b"] = "BlockDevice" };
        foreach (var fields in theirs.Select(line => line.Split('\0')).Where(f => f[0].All(c => c is >= ' ' and < '\x7f')))
        {
            var seen = ours[fields[0].Length == 0 ? "." : fields[0]];
            Assert.Equal(kinds[fields[1]], seen.Kind);
            Assert.Equal(fields[2], seen.Permissions);
            Assert.Equal($"{fields[3]}:{fields[4]}", $"{seen.UserId}:{seen.GroupId}");
            // find prints ten digits.
            Assert.Equal(fields[5], $"{seen.Modified}0");
            Assert.Equal(seen.Kind == "Folder" ? 0 : long.Parse(fields[6], CultureInfo.InvariantCulture), seen.Size);
            Assert.Equal(long.Parse(fields[7], CultureInfo.InvariantCulture) * 512, seen.Allocated);
            Assert.Equal(ulong.Parse(fields[8], CultureInfo.InvariantCulture), seen.Inode);
        }
    }

    [Fact]
    public void Sees_every_difference()
    {
        var changes = new Action<HandMade>[]
        {
            top => top.File("one more"),
            top => HandMade.Need(top.Handle.Remove("file"u8)),
            top => top.Permissions("file", 0x1a5),
            top => top.Permissions("folder", 0x3c0),
            top => top.Times("file", 1_000_000_000, 6),
            top => top.Times("folder", 1_000_000_001, 5),
            top => top.Times("link", 1_000_000_001, 5),
            top =>
            {
                HandMade.Need(top.Handle.Remove("link"u8));
                top.Link("link", "nowherf");
                top.Times("link", 1_000_000_000, 5);
            },
            top =>
            {
                HandMade.Need(top.Handle.Remove("other name"u8));
                top.File("other name", "content"u8);
                top.Times("other name", 1_000_000_000, 5);
                top.Permissions("other name", 0x1a4);
            },
            top =>
            {
                File.WriteAllText(Path.Join(scratch["one"], "file"), "contenT");
                top.Times("file", 1_000_000_000, 5);
            },
        };
        foreach (var change in changes)
        {
            using var top = Small("one");
            using var other = Small("other");
            SeenTree.MustBeSame(SeenTree.Of(scratch["other"]), SeenTree.Of(scratch["one"]), ".");
            change(top);
            Assert.ThrowsAny<Exception>(() => SeenTree.MustBeSame(SeenTree.Of(scratch["other"]), SeenTree.Of(scratch["one"]), "."));
            Directory.Delete(scratch["one"], recursive: true);
            Directory.Delete(scratch["other"], recursive: true);
        }
    }

    private HandMade Small(string name)
    {
        var top = HandMade.At(scratch[name]);
        top.File("file", "content"u8);
        top.Permissions("file", 0x1a4);
        top.HardLink("file", top, "other name");
        top.Folder("folder").Dispose();
        top.Link("link", "nowhere");
        foreach (var entry in new[] { "file", "folder", "link" })
        {
            top.Times(entry, 1_000_000_000, 5);
        }

        return top;
    }
}
