using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Kedge.Vault.Browse.Dump;

/// <summary>
/// Access control lists: from what the kernel keeps as an extended attribute (linux/posix_acl_xattr.h) to the text of acl(5),
/// which is how archives have them. Users and groups are given by number, since an archive may go anywhere.
/// </summary>
internal static class PosixAcl
{
    private const uint Version = 2;
    private const int HeaderSize = 4;
    private const int EntrySize = 8;

    /// <returns>Null where it is no such list.</returns>
    internal static string? Read(ReadOnlySpan<byte> attribute)
    {
        if (attribute.Length < HeaderSize || (attribute.Length - HeaderSize) % EntrySize != 0 || BinaryPrimitives.ReadUInt32LittleEndian(attribute) != Version)
        {
            return null;
        }

        var text = new StringBuilder();
        for (var rest = attribute[HeaderSize..]; !rest.IsEmpty; rest = rest[EntrySize..])
        {
            var number = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var who = BinaryPrimitives.ReadUInt16LittleEndian(rest) switch
            {
                0x01 => "user:",
                0x02 => string.Create(CultureInfo.InvariantCulture, $"user:{number}"),
                0x04 => "group:",
                0x08 => string.Create(CultureInfo.InvariantCulture, $"group:{number}"),
                0x10 => "mask:",
                0x20 => "other:",
                _ => null,
            };
            if (who is null)
            {
                return null;
            }

            var rights = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            text.Append(who).Append(':').Append((rights & 4) != 0 ? 'r' : '-').Append((rights & 2) != 0 ? 'w' : '-').Append((rights & 1) != 0 ? 'x' : '-').Append('\n');
        }

        return text.ToString();
    }
}
