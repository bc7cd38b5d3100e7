using System.Text.RegularExpressions;

namespace Kedge.Drivers.PostgreSql.Standby;

/// <summary>
/// The file <c>backup_label</c>, with which pg_rewind and pg_basebackup say from where on a folder needs log to become
/// consistent. It is gone once that is reached.
/// </summary>
internal static partial class BackupLabel
{
    /// <summary>
    /// Number of the first segment that is needed, as sixteen hexadecimal digits that sort; null where nothing is. The
    /// timeline is left out: after a promotion the new one has copies of the segments since the fork.
    /// </summary>
    public static string? FirstSegment(string data)
    {
        var file = Path.Join(data, "backup_label");
        return File.Exists(file) && Start().Match(File.ReadAllText(file)) is { Success: true } found ? found.Groups[1].Value : null;
    }

    [GeneratedRegex(@"^START WAL LOCATION: [0-9A-F/]+ \(file [0-9A-F]{8}([0-9A-F]{16})\)", RegexOptions.Multiline)]
    private static partial Regex Start();
}
