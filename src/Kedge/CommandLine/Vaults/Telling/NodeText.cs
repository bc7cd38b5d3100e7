using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Vault.Browse;
using Kedge.Vault.Format;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>Entries of snapshots as <c>ls</c> and <c>find</c> show them: as restic's, where they go to programs.</summary>
internal static class NodeText
{
    /// <summary>Permissions, owner, size, time, path, and where a symbolic link leads.</summary>
    public static string Long(ListedEntry entry, TimeZoneInfo zone)
    {
        var node = entry.Node;
        var link = node.LinkTarget.Length > 0 ? $" -> {Encoding.UTF8.GetString(node.LinkTarget.Span)}" : "";
        return $"{ModeText.Of(node.Mode)} {node.UserId,5} {node.GroupId,5} {node.Size,12} {Figures.At(node.ModifiedAt.ToDateTimeOffset(), zone)} {entry.PathText}{link}";
    }

    /// <summary>The fields that restic's <c>ls --json</c> has.</summary>
    public static void WriteFields(Utf8JsonWriter json, ListedEntry entry)
    {
        var node = entry.Node;
        json.WriteString("name"u8, Encoding.UTF8.GetString(node.Name));
        json.WriteString("type"u8, TypeOf(entry));
        json.WriteString("path"u8, Encoding.UTF8.GetString(entry.Path.Span));
        if (!Utf8.IsValid(entry.Path.Span))
        {
            json.WriteBase64String("path_base64"u8, entry.Path.Span);
        }

        json.WriteNumber("uid"u8, node.UserId);
        json.WriteNumber("gid"u8, node.GroupId);
        if (node.Size > 0 || node.Kind == NodeKind.File)
        {
            json.WriteNumber("size"u8, node.Size);
        }

        json.WriteNumber("mode"u8, node.Mode);
        json.WriteString("permissions"u8, ModeText.Of(node.Mode));
        json.WriteString("mtime"u8, node.ModifiedAt.ToString());
        json.WriteString("atime"u8, node.AccessedAt.ToString());
        json.WriteString("ctime"u8, node.ChangedAt.ToString());
        json.WriteNumber("inode"u8, node.Inode);
    }

    private static string TypeOf(ListedEntry entry) => entry.Node.Kind switch
    {
        NodeKind.Folder => "dir",
        NodeKind.BlockDevice => "dev",
        NodeKind.CharacterDevice => "chardev",
        NodeKind.Pipe => "fifo",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
