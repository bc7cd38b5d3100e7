using System.Text;

namespace Kedge.Vault.Format;

/// <summary>A snapshot's summary as JSON. Its twelve counts are always written, as restic does.</summary>
internal static class SnapshotSummaryText
{
    private static readonly byte[][] CountNames = [.. new[]
    {
        "files_new",
        "files_changed",
        "files_unmodified",
        "dirs_new",
        "dirs_changed",
        "dirs_unmodified",
        "data_blobs",
        "tree_blobs",
        "data_added",
        "data_added_packed",
        "total_files_processed",
        "total_bytes_processed",
    }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>From within the object to its end.</summary>
    internal static SnapshotSummary Parse(ref JsonFields fields)
    {
        (GoTime Start, GoTime End) times = (GoTime.None, GoTime.None);
        Span<ulong> counts = stackalloc ulong[CountNames.Length];
        counts.Clear();
        var unknown = new UnknownFields();
        while (fields.Next())
        {
            if (fields.Is("backup_start"u8))
            {
                times.Start = fields.Time(GoTime.None);
            }
            else if (fields.Is("backup_end"u8))
            {
                times.End = fields.Time(GoTime.None);
            }
            else if (CountAt(ref fields) is >= 0 and var at)
            {
                counts[at] = fields.Number(ulong.MaxValue);
            }
            else
            {
                unknown.Add(fields.RawName, fields.Raw());
            }
        }

        return new()
        {
            BackupStart = times.Start,
            BackupEnd = times.End,
            FilesNew = counts[0],
            FilesChanged = counts[1],
            FilesUnmodified = counts[2],
            FoldersNew = counts[3],
            FoldersChanged = counts[4],
            FoldersUnmodified = counts[5],
            DataBlobs = counts[6],
            TreeBlobs = counts[7],
            DataAdded = counts[8],
            DataAddedPacked = counts[9],
            TotalFilesProcessed = counts[10],
            TotalBytesProcessed = counts[11],
            Unknown = unknown,
        };
    }

    internal static void Write(SnapshotSummary summary, JsonBuffer buffer)
    {
        buffer.Append("{\"backup_start\":"u8);
        buffer.AppendTime(summary.BackupStart);
        buffer.Append(",\"backup_end\":"u8);
        buffer.AppendTime(summary.BackupEnd);
        ReadOnlySpan<ulong> counts =
        [
            summary.FilesNew,
            summary.FilesChanged,
            summary.FilesUnmodified,
            summary.FoldersNew,
            summary.FoldersChanged,
            summary.FoldersUnmodified,
            summary.DataBlobs,
            summary.TreeBlobs,
            summary.DataAdded,
            summary.DataAddedPacked,
            summary.TotalFilesProcessed,
            summary.TotalBytesProcessed,
        ];
        for (var at = 0; at < counts.Length; at++)
        {
            buffer.Append(",\""u8);
            buffer.Append(CountNames[at]);
            buffer.Append("\":"u8);
            buffer.AppendNumber(counts[at]);
        }

        summary.Unknown.WriteTo(buffer);
        buffer.Append('}');
    }

    private static int CountAt(ref JsonFields fields)
    {
        for (var at = 0; at < CountNames.Length; at++)
        {
            if (fields.Is(CountNames[at]))
            {
                return at;
            }
        }

        return -1;
    }
}
