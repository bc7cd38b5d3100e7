using System.Text;
using Kedge.Vault.Format;

namespace Kedge.Vault.Browse.Dump;

/// <summary>
/// The header of an entry of a tar archive (POSIX.1-2008, pax, "ustar Interchange Format"), with an extended one before it
/// for what it cannot hold: long names, names beyond ASCII, fractions of seconds, large numbers, attributes. Names that are
/// no text are kept as they are. (.NET's own writer takes only text for names.)
/// </summary>
internal sealed class TarHeader
{
    internal const int BlockSize = 512;
    private const int NameRoom = 100, PrefixRoom = 155, OwnerRoom = 31;

    private readonly byte[] block = new byte[BlockSize];
    private readonly PaxRecords records = new();

    private TarHeader()
    {
    }

    /// <param name="path">In the archive: without a slash at its beginning.</param>
    /// <param name="sameAs">The path of an earlier entry of which this is another name; null where it is none.</param>
    /// <returns>Whole blocks.</returns>
    internal static byte[] Of(ReadOnlySpan<byte> path, TreeNode node, byte[]? sameAs)
    {
        var header = new TarHeader();
        var kind = sameAs is not null ? '1' : node.Kind switch
        {
            NodeKind.Folder => '5',
            NodeKind.Symlink => '2',
            NodeKind.CharacterDevice => '3',
            NodeKind.BlockDevice => '4',
            NodeKind.Pipe => '6',
            _ => '0',
        };
        header.block[156] = (byte)kind;
        header.PutName(node.Kind == NodeKind.Folder ? [.. path, (byte)'/'] : path);
        header.PutLink(sameAs ?? node.LinkTarget.Span);
        header.PutNumbers(node, kind == '0' ? node.Size : 0);
        header.PutOwner(265, "uname", node.User);
        header.PutOwner(297, "gname", node.Group);
        header.PutAttributes(node);
        return header.Finish(path);
    }

    private void PutName(ReadOnlySpan<byte> path)
    {
        var isAscii = Ascii.IsValid(path);
        if (path.Length <= NameRoom)
        {
            path.CopyTo(block);
            AddNameUnlessPlain("path", path, isAscii);
            return;
        }

        // The part before a slash may stand apart; the slash itself is not written.
        var from = Math.Max(0, path.Length - NameRoom - 1);
        var slash = path[from..^1].IndexOf((byte)'/') + from;
        if (slash > from - 1 && slash > 0 && slash <= PrefixRoom)
        {
            path[..slash].CopyTo(block.AsSpan(345));
            path[(slash + 1)..].CopyTo(block);
            AddNameUnlessPlain("path", path, isAscii);
            return;
        }

        path[..NameRoom].CopyTo(block);
        records.AddName("path", path);
    }

    /// <summary>A name that found room is given again where readers would have to guess its encoding.</summary>
    private void AddNameUnlessPlain(string keyword, ReadOnlySpan<byte> name, bool isAscii)
    {
        if (!isAscii && System.Text.Unicode.Utf8.IsValid(name))
        {
            records.AddName(keyword, name);
        }
    }

    private void PutLink(ReadOnlySpan<byte> target)
    {
        target[..Math.Min(NameRoom, target.Length)].CopyTo(block.AsSpan(157));
        if (target.Length > NameRoom)
        {
            records.AddName("linkpath", target);
        }
        else
        {
            AddNameUnlessPlain("linkpath", target, Ascii.IsValid(target));
        }
    }

    private void PutNumbers(TreeNode node, long size)
    {
        PutNumber(100, 7, GoMode.ToPermissions(node.Mode), null);
        PutNumber(108, 7, node.UserId, "uid");
        PutNumber(116, 7, node.GroupId, "gid");
        PutNumber(124, 11, size, "size");
        PutNumber(136, 11, Math.Max(0, node.ModifiedAt.UnixSeconds), null);
        if (node.ModifiedAt.Nanoseconds != 0 || node.ModifiedAt.UnixSeconds is < 0 or >= 1L << 33)
        {
            records.AddTime("mtime", node.ModifiedAt);
        }

        // Most snapshots have not kept it, and repeat the other.
        if (node.AccessedAt != node.ModifiedAt && node.AccessedAt != GoTime.None)
        {
            records.AddTime("atime", node.AccessedAt);
        }

        if (node.Kind is NodeKind.BlockDevice or NodeKind.CharacterDevice)
        {
            PutNumber(329, 7, (long)(((node.Device >> 8) & 0xfff) | ((node.Device >> 32) & 0xffff_f000)), "SCHILY.devmajor");
            PutNumber(337, 7, (long)((node.Device & 0xff) | ((node.Device >> 12) & 0xffff_ff00)), "SCHILY.devminor");
        }
    }

    /// <summary>In octal. What has no room goes into a record, and the field is zero.</summary>
    private void PutNumber(int at, int digits, long number, string? keyword)
    {
        var fits = number < 1L << (3 * digits);
        if (!fits && keyword is not null)
        {
            records.Add(keyword, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Encoding.ASCII.GetBytes(Convert.ToString(fits ? number : 0, 8).PadLeft(digits, '0'), block.AsSpan(at, digits));
    }

    private void PutOwner(int at, string keyword, string name)
    {
        if (name.Length <= OwnerRoom && Ascii.IsValid(name))
        {
            Encoding.ASCII.GetBytes(name, block.AsSpan(at));
        }
        else
        {
            records.Add(keyword, name);
        }
    }

    private void PutAttributes(TreeNode node)
    {
        foreach (var attribute in node.ExtendedAttributes)
        {
            var name = attribute.Name.Span;
            var list = name.SequenceEqual("system.posix_acl_access"u8) ? "SCHILY.acl.access"
                : name.SequenceEqual("system.posix_acl_default"u8) ? "SCHILY.acl.default" : null;
            if (list is not null && PosixAcl.Read(attribute.Value.Span) is { } text)
            {
                records.Add(list, text);
            }
            else
            {
                records.AddAttribute(name, attribute.Value.Span);
            }
        }
    }

    private byte[] Finish(ReadOnlySpan<byte> path)
    {
        Seal(block);
        if (records.IsEmpty)
        {
            return block;
        }

        var extended = records.ToBytes();
        var all = new byte[BlockSize + Padded(extended.Length) + BlockSize];
        var first = all.AsSpan(0, BlockSize);
        // Whoever does not know extended headers makes a file of it.
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        "PaxHeaders/"u8.CopyTo(first);
        name[..Math.Min(name.Length, NameRoom - 11)].CopyTo(first[11..]);
        first[156] = (byte)'x';
        Encoding.ASCII.GetBytes("0000644", first[100..]);
        Encoding.ASCII.GetBytes(Convert.ToString(extended.Length, 8).PadLeft(11, '0'), first[124..]);
        Seal(first);
        extended.CopyTo(all.AsSpan(BlockSize));
        block.CopyTo(all.AsSpan(all.Length - BlockSize));
        return all;
    }

    internal static int Padded(long length) => (int)((length + BlockSize - 1) / BlockSize * BlockSize);

    /// <summary>Magic, version, and the sum of all bytes with spaces in its own place.</summary>
    private static void Seal(Span<byte> header)
    {
        "ustar\000"u8.CopyTo(header[257..]);
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var one in header)
        {
            sum += one;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0'), header[148..]);
        header[154] = 0;
    }
}
