using System.Text.Json;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>Snapshots as restic's <c>--json</c> has them (its manual, "Scripting").</summary>
internal static class SnapshotJson
{
    /// <summary>An object with all that is known of a snapshot.</summary>
    public static void Write(Utf8JsonWriter json, StoredSnapshot snapshot)
    {
        json.WriteStartObject();
        WriteFields(json, snapshot);
        json.WriteEndObject();
    }

    public static void WriteFields(Utf8JsonWriter json, StoredSnapshot snapshot)
    {
        var file = snapshot.File;
        json.WriteString("time"u8, file.Time.ToString());
        if (file.Parent is { } parent)
        {
            json.WriteString("parent"u8, parent.ToString());
        }

        json.WriteString("tree"u8, file.Tree.ToString());
        WriteList(json, "paths", file.Paths, evenIfEmpty: true);
        json.WriteString("hostname"u8, file.Hostname);
        json.WriteString("username"u8, file.Username);
        json.WriteNumber("uid"u8, file.UserId);
        json.WriteNumber("gid"u8, file.GroupId);
        WriteList(json, "excludes", file.Excludes, evenIfEmpty: false);
        WriteList(json, "tags", file.Tags, evenIfEmpty: false);
        if (file.Original is { } original)
        {
            json.WriteString("original"u8, original.ToString());
        }

        json.WriteString("program_version"u8, file.ProgramVersion);
        if (file.Summary is { } summary)
        {
            json.WriteStartObject("summary"u8);
            WriteSummary(json, summary);
            json.WriteEndObject();
        }

        json.WriteString("id"u8, snapshot.Id.ToString());
        json.WriteString("short_id"u8, snapshot.Id.Short);
    }

    public static void WriteGroup(Utf8JsonWriter json, SnapshotGroup group)
    {
        json.WriteStartObject();
        json.WriteStartObject("group_key"u8);
        WriteKey(json, group.Key);
        json.WriteEndObject();
        json.WriteStartArray("snapshots"u8);
        foreach (var snapshot in group.Snapshots)
        {
            Write(json, snapshot);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What a group has in common; what it was not grouped by is null.</summary>
    public static void WriteKey(Utf8JsonWriter json, SnapshotGroupKey key)
    {
        json.WriteString("hostname"u8, key.Hostname ?? "");
        WriteListOrNull(json, "paths", key.Paths);
        WriteListOrNull(json, "tags", key.Tags);
    }

    public static void WriteListOrNull(Utf8JsonWriter json, string name, IReadOnlyList<string>? texts)
    {
        if (texts is null)
        {
            json.WriteNull(name);
        }
        else
        {
            WriteList(json, name, texts, evenIfEmpty: true);
        }
    }

    public static void WriteSummary(Utf8JsonWriter json, SnapshotSummary sum)
    {
        json.WriteString("backup_start"u8, sum.BackupStart.ToString());
        json.WriteString("backup_end"u8, sum.BackupEnd.ToString());
        json.WriteNumber("files_new"u8, sum.FilesNew);
        json.WriteNumber("files_changed"u8, sum.FilesChanged);
        json.WriteNumber("files_unmodified"u8, sum.FilesUnmodified);
        json.WriteNumber("dirs_new"u8, sum.FoldersNew);
        json.WriteNumber("dirs_changed"u8, sum.FoldersChanged);
        json.WriteNumber("dirs_unmodified"u8, sum.FoldersUnmodified);
        json.WriteNumber("data_blobs"u8, sum.DataBlobs);
        json.WriteNumber("tree_blobs"u8, sum.TreeBlobs);
        json.WriteNumber("data_added"u8, sum.DataAdded);
        json.WriteNumber("data_added_packed"u8, sum.DataAddedPacked);
        json.WriteNumber("total_files_processed"u8, sum.TotalFilesProcessed);
        json.WriteNumber("total_bytes_processed"u8, sum.TotalBytesProcessed);
    }

    public static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> texts, bool evenIfEmpty)
    {
        var all = texts.ToList();
        if (all.Count == 0 && !evenIfEmpty)
        {
            return;
        }

        json.WriteStartArray(name);
        all.ForEach(json.WriteStringValue);
        json.WriteEndArray();
    }
}
