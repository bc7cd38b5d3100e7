using System.Buffers;
using System.Buffers.Text;

namespace Kedge.Vault.Format;

/// <summary>Reads nodes from JSON. One object belongs to one thread.</summary>
internal sealed class NodeReader
{
    private const int RawLinkTarget = 15;

    /// <summary>In restic's order.</summary>
    private static readonly byte[][] Names = [.. new[]
    {
        "name", "type", "mode", "mtime", "atime", "ctime", "uid", "gid", "user", "group", "inode", "device_id", "size", "links",
        "linktarget", "linktarget_raw", "extended_attributes", "generic_attributes", "device", "content", "subtree", "error",
    }.Select(System.Text.Encoding.ASCII.GetBytes)];

    internal RepeatedText Users { get; } = new();

    internal RepeatedText Groups { get; } = new();

    /// <summary>Takes a node apart whose fields may stand in any order, each once, with others between them.</summary>
    /// <param name="node">As new.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    internal void Take(ref JsonCursor cursor, TreeNode node)
    {
        var seen = 0;
        cursor.Take('{');
        if (cursor.TryTake('}'))
        {
            return;
        }

        do
        {
            var field = FieldOf(cursor.TakeName());
            if (field < 0)
            {
                cursor.TakeValue();
            }
            else if ((seen & (1 << field)) != 0)
            {
                throw cursor.Wrong("a field that was not there yet");
            }
            else if (!cursor.TryTakeNull())
            {
                seen |= 1 << field;
                TakeField(ref cursor, field, node, rawTargetIsKnown: (seen & (1 << RawLinkTarget)) != 0);
            }
        }
        while (cursor.TryTake(','));
        cursor.Take('}');
    }

    private void TakeField(ref JsonCursor cursor, int field, TreeNode node, bool rawTargetIsKnown)
    {
        switch (field)
        {
            case 0:
                if (!node.TrySetQuotedName(cursor.TakeRawText()))
                {
                    throw cursor.Wrong("a name in Go's quotes, before");
                }

                break;
            case 1:
                node.Kind = NodeKindText.Parse(cursor.TakeText());
                break;
            case 2:
                node.Mode = (uint)cursor.TakeNumber(uint.MaxValue);
                break;
            case 3:
                node.ModifiedAt = cursor.TakeTime();
                break;
            case 4:
                node.AccessedAt = cursor.TakeTime();
                break;
            case 5:
                node.ChangedAt = cursor.TakeTime();
                break;
            case 6:
                node.UserId = (uint)cursor.TakeNumber(uint.MaxValue);
                break;
            case 7:
                node.GroupId = (uint)cursor.TakeNumber(uint.MaxValue);
                break;
            case 8:
                node.User = Users.Decode(cursor.TakeRawText()) ?? throw NoText(ref cursor);
                break;
            case 9:
                node.Group = Groups.Decode(cursor.TakeRawText()) ?? throw NoText(ref cursor);
                break;
            case 10:
                node.Inode = cursor.TakeNumber(ulong.MaxValue);
                break;
            case 11:
                node.DeviceId = cursor.TakeNumber(ulong.MaxValue);
                break;
            case 12:
                node.Size = (long)cursor.TakeNumber(long.MaxValue);
                break;
            case 13:
                node.Links = cursor.TakeNumber(ulong.MaxValue);
                break;
            case 14:
                var target = TakeUtf8(ref cursor);
                node.LinkTarget = rawTargetIsKnown ? node.LinkTarget : target;
                break;
            case RawLinkTarget:
                node.LinkTarget = TakeBase64(ref cursor);
                break;
            case 16:
                TakeAttributes(ref cursor, node.ExtendedAttributes);
                break;
            case 17:
                var attributes = cursor.TakeValue();
                node.GenericAttributes = attributes[0] == '{' ? attributes.ToArray() : throw cursor.Wrong("an object, before");
                break;
            case 18:
                node.Device = cursor.TakeNumber(ulong.MaxValue);
                break;
            case 19:
                TakeContent(ref cursor, node.Content);
                break;
            case 20:
                node.Subtree = cursor.TakeId();
                break;
            default:
                node.Error = JsonText.Decode(cursor.TakeRawText()) ?? throw NoText(ref cursor);
                break;
        }
    }

    private static void TakeContent(ref JsonCursor cursor, List<ObjectId> content)
    {
        cursor.Take('[');
        if (cursor.TryTake(']'))
        {
            return;
        }

        do
        {
            content.Add(cursor.TakeId());
        }
        while (cursor.TryTake(','));
        cursor.Take(']');
    }

    private static void TakeAttributes(ref JsonCursor cursor, List<ExtendedAttribute> attributes)
    {
        cursor.Take('[');
        if (cursor.TryTake(']'))
        {
            return;
        }

        do
        {
            attributes.Add(TakeAttribute(ref cursor));
        }
        while (cursor.TryTake(','));
        cursor.Take(']');
    }

    private static ExtendedAttribute TakeAttribute(ref JsonCursor cursor)
    {
        (ReadOnlyMemory<byte>? Name, ReadOnlyMemory<byte>? Value) attribute = default;
        cursor.Take('{');
        if (!cursor.TryTake('}'))
        {
            do
            {
                var name = cursor.TakeName();
                var (isName, isValue) = (name.SequenceEqual("name"u8), name.SequenceEqual("value"u8));
                if ((isName && attribute.Name != null) || (isValue && attribute.Value != null))
                {
                    throw cursor.Wrong("a field that was not there yet");
                }

                if (cursor.TryTakeNull())
                {
                    continue;
                }

                if (isName)
                {
                    attribute.Name = TakeUtf8(ref cursor);
                }
                else if (isValue)
                {
                    attribute.Value = TakeBase64(ref cursor);
                }
                else
                {
                    cursor.TakeValue();
                }
            }
            while (cursor.TryTake(','));
            cursor.Take('}');
        }

        return new(attribute.Name ?? default, attribute.Value ?? default);
    }

    private static byte[] TakeUtf8(ref JsonCursor cursor) => DecodeUtf8(cursor.TakeRawText()) ?? throw NoText(ref cursor);

    private static byte[] TakeBase64(ref JsonCursor cursor) => DecodeBase64(cursor.TakeText()) ?? throw cursor.Wrong("bytes in base64, before");

    /// <returns>Null where it is no UTF-8.</returns>
    internal static byte[]? DecodeUtf8(ReadOnlySpan<byte> raw)
    {
        var plain = raw.ToArray();
        return !JsonText.TryUnescape(raw, plain, out var length) ? null : length == plain.Length ? plain : plain[..length];
    }

    /// <returns>Null where it is no base64.</returns>
    internal static byte[]? DecodeBase64(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, bytes, out _, out var length) != OperationStatus.Done ? null : length == bytes.Length ? bytes : bytes[..length];
    }

    private static int FieldOf(ReadOnlySpan<byte> name)
    {
        for (var field = 0; field < Names.Length; field++)
        {
            if (name.SequenceEqual(Names[field]))
            {
                return field;
            }
        }

        return -1;
    }

    private static VaultException NoText(ref JsonCursor cursor) => cursor.Wrong("text in UTF-8, before");
}
