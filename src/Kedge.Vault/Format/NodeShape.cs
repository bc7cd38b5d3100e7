using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Kedge.Vault.Format;

/// <summary>
/// Recognises a node as restic and we write it, to the byte. What it accepts means exactly what <see cref="NodeReader"/> would
/// say; what it does not accept may be fine all the same.
/// </summary>
internal static class NodeShape
{
    /// <param name="node">As new; half filled where this declines.</param>
    /// <returns>False, and nothing taken, where the node looks otherwise.</returns>
    internal static bool TryTake(ref JsonCursor cursor, TreeNode node, NodeReader reader)
    {
        var start = cursor.Position;
        if (TryTakeName(ref cursor, node) && TryTakeTimes(ref cursor, node) && TryTakeOwners(ref cursor, node, reader) && TryTakeNumbers(ref cursor, node)
            && TryTakeLinkTarget(ref cursor, node) && TryTakeAttributes(ref cursor, node) && TryTakeRest(ref cursor, node))
        {
            return true;
        }

        cursor.Position = start;
        return false;
    }

    private static bool TryTakeName(ref JsonCursor cursor, TreeNode node)
    {
        if (!cursor.TryTakeExactly("{\"name\":\""u8) || !cursor.TryTakeRestOfText(out var name))
        {
            return false;
        }

        if (name.Contains((byte)'\\'))
        {
            if (!node.TrySetQuotedName(name))
            {
                return false;
            }
        }
        else if (Utf8.IsValid(name))
        {
            node.SetName(name);
        }
        else
        {
            return false;
        }

        if (!cursor.TryTakeExactly(",\"type\":\""u8) || !cursor.TryTakeRestOfText(out var kind) || kind.Contains((byte)'\\'))
        {
            return false;
        }

        node.Kind = NodeKindText.Parse(kind);
        if (!cursor.TryTakeExactly(",\"mode\":"u8))
        {
            return true;
        }

        var good = TryTakeNumber(ref cursor, uint.MaxValue, out var mode);
        node.Mode = (uint)mode;
        return good;
    }

    private static bool TryTakeTimes(ref JsonCursor cursor, TreeNode node)
    {
        if (!cursor.TryTakeExactly(",\"mtime\":\""u8) || !TryTakeTime(ref cursor, out var modified)
            || !cursor.TryTakeExactly(",\"atime\":\""u8) || !TryTakeTime(ref cursor, out var accessed)
            || !cursor.TryTakeExactly(",\"ctime\":\""u8) || !TryTakeTime(ref cursor, out var changed))
        {
            return false;
        }

        (node.ModifiedAt, node.AccessedAt, node.ChangedAt) = (modified, accessed, changed);
        return true;
    }

    private static bool TryTakeOwners(ref JsonCursor cursor, TreeNode node, NodeReader reader)
    {
        if (!cursor.TryTakeExactly(",\"uid\":"u8) || !TryTakeNumber(ref cursor, uint.MaxValue, out var user)
            || !cursor.TryTakeExactly(",\"gid\":"u8) || !TryTakeNumber(ref cursor, uint.MaxValue, out var group))
        {
            return false;
        }

        (node.UserId, node.GroupId) = ((uint)user, (uint)group);
        if (cursor.TryTakeExactly(",\"user\":\""u8))
        {
            if (!cursor.TryTakeRestOfText(out var raw) || reader.Users.Decode(raw) is not { } name)
            {
                return false;
            }

            node.User = name;
        }

        if (cursor.TryTakeExactly(",\"group\":\""u8))
        {
            if (!cursor.TryTakeRestOfText(out var raw) || reader.Groups.Decode(raw) is not { } name)
            {
                return false;
            }

            node.Group = name;
        }

        return true;
    }

    private static bool TryTakeNumbers(ref JsonCursor cursor, TreeNode node)
    {
        ulong inode = 0, device = 0, size = 0, links = 0;
        var good = (!cursor.TryTakeExactly(",\"inode\":"u8) || TryTakeNumber(ref cursor, ulong.MaxValue, out inode))
            && (!cursor.TryTakeExactly(",\"device_id\":"u8) || TryTakeNumber(ref cursor, ulong.MaxValue, out device))
            && (!cursor.TryTakeExactly(",\"size\":"u8) || TryTakeNumber(ref cursor, long.MaxValue, out size))
            && (!cursor.TryTakeExactly(",\"links\":"u8) || TryTakeNumber(ref cursor, ulong.MaxValue, out links));
        (node.Inode, node.DeviceId, node.Size, node.Links) = (inode, device, (long)size, links);
        return good;
    }

    private static bool TryTakeLinkTarget(ref JsonCursor cursor, TreeNode node)
    {
        if (!cursor.TryTakeExactly(",\"linktarget\":\""u8))
        {
            return true;
        }

        if (!cursor.TryTakeRestOfText(out var raw) || NodeReader.DecodeUtf8(raw) is not { } target)
        {
            return false;
        }

        node.LinkTarget = target;
        if (!cursor.TryTakeExactly(",\"linktarget_raw\":\""u8))
        {
            return true;
        }

        if (!TryTakeBase64(ref cursor, out target))
        {
            return false;
        }

        node.LinkTarget = target;
        return true;
    }

    private static bool TryTakeAttributes(ref JsonCursor cursor, TreeNode node)
    {
        if (!cursor.TryTakeExactly(",\"extended_attributes\":["u8))
        {
            return true;
        }

        do
        {
            if (!cursor.TryTakeExactly("{\"name\":\""u8) || !cursor.TryTakeRestOfText(out var raw) || NodeReader.DecodeUtf8(raw) is not { } name
                || !cursor.TryTakeExactly(",\"value\":\""u8) || !TryTakeBase64(ref cursor, out var value) || !cursor.TryTakeExactly("}"u8))
            {
                return false;
            }

            node.ExtendedAttributes.Add(new(name, value));
        }
        while (cursor.TryTakeExactly(","u8));
        return cursor.TryTakeExactly("]"u8);
    }

    private static bool TryTakeRest(ref JsonCursor cursor, TreeNode node)
    {
        ulong device = 0;
        if (cursor.TryTakeExactly(",\"device\":"u8) && !TryTakeNumber(ref cursor, ulong.MaxValue, out device))
        {
            return false;
        }

        node.Device = device;
        if (!cursor.TryTakeExactly(",\"content\":"u8) || !(cursor.TryTakeExactly("null"u8) || cursor.TryTakeExactly("[]"u8) || TryTakeContent(ref cursor, node)))
        {
            return false;
        }

        if (cursor.TryTakeExactly(",\"subtree\":\""u8))
        {
            if (!TryTakeId(ref cursor, out var subtree))
            {
                return false;
            }

            node.Subtree = subtree;
        }

        return cursor.TryTakeExactly("}"u8);
    }

    private static bool TryTakeContent(ref JsonCursor cursor, TreeNode node)
    {
        if (!cursor.TryTakeExactly("[\""u8))
        {
            return false;
        }

        do
        {
            if (!TryTakeId(ref cursor, out var id))
            {
                return false;
            }

            node.Content.Add(id);
        }
        while (cursor.TryTakeExactly(",\""u8));
        return cursor.TryTakeExactly("]"u8);
    }

    /// <summary>After the opening quote.</summary>
    private static bool TryTakeId(ref JsonCursor cursor, out ObjectId id)
    {
        var text = cursor.Rest;
        if (text.Length <= ObjectId.HexLength || text[ObjectId.HexLength] != '"' || !HexDigits.TryDecode(text, out id))
        {
            id = default;
            return false;
        }

        cursor.Position += ObjectId.HexLength + 1;
        return true;
    }

    /// <summary>After the opening quote.</summary>
    private static bool TryTakeTime(ref JsonCursor cursor, out GoTime time)
    {
        var text = cursor.Rest;
        text = text[..Math.Min(text.Length, GoTimeText.MaximumLength + 1)];
        var length = text.IndexOf((byte)'"');
        if (length < 0 || !GoTimeText.TryParse(text[..length], out time))
        {
            time = default;
            return false;
        }

        cursor.Position += length + 1;
        return true;
    }

    /// <summary>After the opening quote.</summary>
    private static bool TryTakeBase64(ref JsonCursor cursor, out byte[] bytes)
    {
        bytes = [];
        if (!cursor.TryTakeRestOfText(out var raw) || NodeReader.DecodeBase64(raw) is not { } decoded)
        {
            return false;
        }

        bytes = decoded;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTakeNumber(ref JsonCursor cursor, ulong maximum, out ulong number)
    {
        var text = cursor.Rest;
        var length = 0;
        while (length < text.Length && char.IsAsciiDigit((char)text[length]))
        {
            length++;
        }

        cursor.Position += length;
        return JsonText.TryParseNumber(text[..length], out number) && number <= maximum;
    }
}
