using Kedge.CommandLine.Rendering.Text;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>Snapshots as people read them.</summary>
internal static class SnapshotTable
{
    /// <param name="isCompact">One line each, whatever it leaves out.</param>
    public static Table Of(IReadOnlyList<StoredSnapshot> snapshots, TimeZoneInfo zone, bool isCompact)
    {
        var table = new Table(
        [
            new("ID"), new("Time"), new("Host", Flexible: true, Narrowest: 6), new("Tags", Flexible: true, Narrowest: 6, HideIfEmpty: true),
            new("Paths", Flexible: true, Narrowest: 16), new("Size", Right: true, HideIfEmpty: true),
        ]);
        foreach (var (id, file) in snapshots)
        {
            var size = file.Summary is { } summary ? Figures.Bytes((long)summary.TotalBytesProcessed) : "";
            var paths = isCompact && file.Paths.Count > 1 ? [$"{file.Paths[0]} and {file.Paths.Count - 1} more"] : file.Paths;
            var first = true;
            foreach (var path in paths.DefaultIfEmpty(""))
            {
                table.Add(first
                    ? [Styled.Accent(id.Short), Figures.At(file.Time.ToDateTimeOffset(), zone), file.Hostname, string.Join(", ", file.Tags), path, size]
                    : ["", "", "", "", path, ""]);
                first = false;
            }
        }

        return table;
    }
}
