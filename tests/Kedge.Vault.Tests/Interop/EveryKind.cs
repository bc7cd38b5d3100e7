using Kedge.Vault.Files;

namespace Kedge.Vault.Tests.Interop;

/// <summary>A folder with one of everything that a file system of Linux can have, as far as this one and this user can make it.</summary>
internal static class EveryKind
{
    /// <summary>What restic leaves out of its backups, and does not restore.</summary>
    internal const string Socket = "special/socket";

    /// <summary>What restic before 0.17 cannot restore as it was: it keeps targets of links as text.</summary>
    internal const string OddLink = "links/not text";

    /// <summary>What restic before 0.17 restores without its attributes.</summary>
    internal const string LinkWithAttribute = "attributes/link";

    /// <summary>What restic restores as a link of its own.</summary>
    internal const string LinkedLink = "links/below/a link with two names";

    internal static void Make(string path, int seed = 1)
    {
        using var top = HandMade.At(path);
        MakeFiles(top, seed);
        MakeNames(top);
        MakeLinks(top);
        MakeSpecials(top);
        MakeAttributes(top);
        top.Times("files", -1, 999_999_999);
        top.Times("names", 4_102_444_800, 1);
    }

    private static void MakeFiles(HandMade top, int seed)
    {
        using var files = top.Folder("files");
        files.File("empty");
        files.File("small", "some text\n"u8);
        files.File("large", Content(3_000_000, seed));
        files.File("zeros", new byte[2_500_000]);
        files.Sparse("holes", 20 << 20, (0, Content(100, seed + 1)), (9_000_000, Content(70_000, seed + 2)), ((20 << 20) - 5, [1, 2, 3, 4, 5]));
        files.Sparse("only a hole", 12 << 20);
        uint[] readable = [0x1ff, 0x100, 0x1a4, 0x800 | 0x1ed, 0x400 | 0x1ed, 0x200 | 0x1b6, 0xfff];
        foreach (var mode in Identity.UserId == 0 ? [.. readable, 0, 0x80] : readable)
        {
            var name = $"mode {Convert.ToString(mode, 8)}";
            files.File(name, [(byte)mode]);
            files.Permissions(name, mode);
        }

        files.File("before the epoch");
        files.Times("before the epoch", -2_000_000_000, 123_456_789);
        files.File("in a far future");
        files.Times("in a far future", 9_000_000_000, 999_999_999);
        files.File("without nanoseconds");
        files.Times("without nanoseconds", 1_700_000_000, 0);
        files.Folder("empty folder").Dispose();
        files.Folder("sticky").Dispose();
        files.Permissions("sticky", 0x3ff);
        files.Folder("closed").Dispose();
        files.Permissions("closed", Identity.UserId == 0 ? 0u : 0x140);
        if (Identity.UserId == 0)
        {
            files.File("somebody's", [7]);
            files.Owner("somebody's", 3_000_000_000, 1234);
            files.Permissions("somebody's", 0xdff);
            files.Owner("empty folder", 1, 2);
        }
    }

    private static void MakeNames(HandMade top)
    {
        using var names = top.Folder("names");
        names.File("line\nbreak", [1]);
        names.File("\x01\x02\x1b[31m\x7f", [2]);
        names.File("\xff\xfe", [3]);
        names.File("gr\xc3\xbc\xc3\x9f\x65", [4]);
        names.File("half \xc3", [5]);
        names.File("\xed\xa0\x80 a surrogate", [6]);
        names.File("\\x41 \"quoted\" 'single' <&>", [7]);
        names.File(new string('n', 255), [8]);
        names.File(string.Concat(Enumerable.Repeat("\xf0", 255)), [9]);
        names.File(" ", [10]);
        names.File("...", [11]);
        names.File("-rf *", [12]);
        names.File("\xe2\x80\xa8", [13]);
        names.File("\xef\xbf\xbd", [14]);
        names.Folder("\n").Dispose();
        using var bytes = names.Folder("every byte");
        for (var value = 1; value < 256; value++)
        {
            if (value is not ('/' or '.'))
            {
                bytes.File($"{(char)value}", [(byte)value]);
            }
        }
    }

    private static void MakeLinks(HandMade top)
    {
        using var links = top.Folder("links");
        links.Link("to a file", "../files/small");
        links.Link("to a folder", "../files");
        links.Link("to nowhere", "/no such/path");
        links.Link("to itself", "to itself");
        links.Link("long", new string('l', 4095));
        links.Link("not text", "a\xff b");
        links.Times("to nowhere", 1_234_567_890, 987_654_321);
        links.File("first", [1, 2, 3]);
        links.HardLink("first", links, "second");
        using var below = links.Folder("below");
        links.HardLink("first", below, "third");
        using var files = top.Enter("files");
        files.HardLink("large", below, "large too");
        // The same content, but files of their own.
        below.File("alone", [1, 2, 3]);
        links.HardLink("to nowhere", below, "a link with two names");
        if (Identity.UserId == 0)
        {
            links.Owner("to a file", 5, 6);
        }
    }

    private static void MakeSpecials(HandMade top)
    {
        using var special = top.Folder("special");
        special.Special("pipe", FileKind.Pipe);
        special.Permissions("pipe", 0x1b0);
        special.Times("pipe", 1_000_000_000, 5);
        special.Special("socket", FileKind.Socket);
        if (Identity.UserId == 0)
        {
            special.Special("tty", FileKind.CharacterDevice, DeviceNumber.Of(5, 300));
            special.Special("disk", FileKind.BlockDevice, DeviceNumber.Of(259, 70_000));
            special.Owner("disk", 0, 6);
            special.Permissions("disk", 0x1b0);
        }
    }

    private static void MakeAttributes(HandMade top)
    {
        using var attributes = top.Folder("attributes");
        foreach (var name in new[] { "file", "folder", "link" })
        {
            if (name == "file")
            {
                attributes.File(name, [1]);
            }
            else if (name == "folder")
            {
                attributes.Folder(name).Dispose();
            }
            else
            {
                attributes.Link(name, "file");
            }

            if (name != "link")
            {
                attributes.Attribute(name, "user.comment", "for you"u8.ToArray());
                attributes.Attribute(name, "user.empty");
                attributes.Attribute(name, "user.bytes", [0, 1, 254, 255]);
                attributes.Acl(name);
            }

            if (Identity.UserId == 0)
            {
                attributes.Attribute(name, "trusted.kedge", [9, 0, 9]);
            }
        }

        attributes.Acl("folder", forNewEntries: true);
        attributes.Times("folder", 1_600_000_000, 1);
        attributes.File("program", [1]);
        if (Identity.UserId == 0)
        {
            // cap_net_bind_service+ep (VFS_CAP_REVISION_2, capabilities(7)).
            attributes.Attribute("program", "security.capability", Convert.FromHexString("0100000200040000000000000000000000000000"));
        }

        attributes.Permissions("program", 0x1ed);
    }

    internal static byte[] Content(int length, int seed)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }
}
