using System.Text.Unicode;

namespace Kedge.Vault.Format;

/// <summary>Writes nodes as JSON, their fields in restic's order.</summary>
internal static class NodeWriter
{
    internal static void Write(TreeNode node, JsonBuffer buffer)
    {
        buffer.Append("{\"name\":"u8);
        GoQuote.Append(buffer, node.Name);
        buffer.Append(",\"type\":\""u8);
        buffer.Append(NodeKindText.Of(node.Kind));
        buffer.Append('"');
        AppendNumber(buffer, ",\"mode\":"u8, node.Mode);
        buffer.Append(",\"mtime\":"u8);
        buffer.AppendTime(node.ModifiedAt);
        buffer.Append(",\"atime\":"u8);
        buffer.AppendTime(node.AccessedAt);
        buffer.Append(",\"ctime\":"u8);
        buffer.AppendTime(node.ChangedAt);
        buffer.Append(",\"uid\":"u8);
        buffer.AppendNumber(node.UserId);
        buffer.Append(",\"gid\":"u8);
        buffer.AppendNumber(node.GroupId);
        AppendText(buffer, ",\"user\":"u8, node.User);
        AppendText(buffer, ",\"group\":"u8, node.Group);
        AppendNumber(buffer, ",\"inode\":"u8, node.Inode);
        AppendNumber(buffer, ",\"device_id\":"u8, node.DeviceId);
        AppendNumber(buffer, ",\"size\":"u8, (ulong)node.Size);
        AppendNumber(buffer, ",\"links\":"u8, node.Links);
        AppendLinkTarget(buffer, node.LinkTarget.Span);
        AppendExtendedAttributes(buffer, node.ExtendedAttributes);
        if (!node.GenericAttributes.IsEmpty)
        {
            buffer.Append(",\"generic_attributes\":"u8);
            buffer.Append(node.GenericAttributes.Span);
        }

        AppendNumber(buffer, ",\"device\":"u8, node.Device);
        AppendContent(buffer, node);
        if (node.Subtree is { } subtree)
        {
            buffer.Append(",\"subtree\":"u8);
            buffer.AppendId(subtree);
        }

        AppendText(buffer, ",\"error\":"u8, node.Error);
        buffer.Append('}');
    }

    private static void AppendNumber(JsonBuffer buffer, ReadOnlySpan<byte> name, ulong number)
    {
        if (number != 0)
        {
            buffer.Append(name);
            buffer.AppendNumber(number);
        }
    }

    private static void AppendText(JsonBuffer buffer, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length > 0)
        {
            buffer.Append(name);
            buffer.AppendText(text);
        }
    }

    private static void AppendLinkTarget(JsonBuffer buffer, ReadOnlySpan<byte> target)
    {
        if (target.IsEmpty)
        {
            return;
        }

        buffer.Append(",\"linktarget\":"u8);
        buffer.AppendText(target);
        if (!Utf8.IsValid(target))
        {
            // restic knows this since 0.17; for an older one the replacement characters above have to do.
            buffer.Append(",\"linktarget_raw\":"u8);
            buffer.AppendBase64(target);
        }
    }

    private static void AppendExtendedAttributes(JsonBuffer buffer, List<ExtendedAttribute> attributes)
    {
        for (var at = 0; at < attributes.Count; at++)
        {
            buffer.Append(at == 0 ? ",\"extended_attributes\":[{\"name\":"u8 : ",{\"name\":"u8);
            buffer.AppendText(attributes[at].Name.Span);
            buffer.Append(",\"value\":"u8);
            buffer.AppendBase64(attributes[at].Value.Span);
            buffer.Append(at == attributes.Count - 1 ? "}]"u8 : "}"u8);
        }
    }

    private static void AppendContent(JsonBuffer buffer, TreeNode node)
    {
        buffer.Append(",\"content\":"u8);
        if (node.Kind != NodeKind.File && node.Content.Count == 0)
        {
            buffer.Append("null"u8);
            return;
        }

        buffer.Append('[');
        for (var at = 0; at < node.Content.Count; at++)
        {
            buffer.Append(at == 0 ? ""u8 : ","u8);
            buffer.AppendId(node.Content[at]);
        }

        buffer.Append(']');
    }
}
