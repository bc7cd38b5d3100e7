using System.Text;
using System.Text.Json;
using Kedge.Vault.Browse;
using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Browse;

/// <summary>What restic and we say about an entry.</summary>
internal sealed record ListedEntryText(string Path, string Kind, uint UserId, uint GroupId, long Size, uint Mode, GoTime Modified)
{
    internal static ListedEntryText Of(ListedEntry entry) => new(
        Encoding.UTF8.GetString(entry.Path.Span),
        Encoding.UTF8.GetString(NodeKindText.Of(entry.Node.Kind)),
        entry.Node.UserId,
        entry.Node.GroupId,
        entry.Node.Size,
        entry.Node.Mode,
        entry.Node.ModifiedAt);

    /// <summary>From a line of restic's ls, or a match of its find.</summary>
    internal static ListedEntryText Of(JsonElement node) => new(
        node.GetProperty("path").GetString()!,
        node.GetProperty("type").GetString()!,
        node.TryGetProperty("uid", out var user) ? user.GetUInt32() : 0,
        node.TryGetProperty("gid", out var group) ? group.GetUInt32() : 0,
        node.TryGetProperty("size", out var size) ? size.GetInt64() : 0,
        node.TryGetProperty("mode", out var mode) ? mode.GetUInt32() : 0,
        GoTime.TryParse(Encoding.UTF8.GetBytes(node.GetProperty("mtime").GetString()!), out var time) ? time : GoTime.None);
}
