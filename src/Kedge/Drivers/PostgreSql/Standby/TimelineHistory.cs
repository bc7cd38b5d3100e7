using System.Globalization;
using Kedge.Drivers.PostgreSql.Server;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Standby;

/// <summary>The timelines that a copy's history went through, oldest first, each with where it was left; the newest has no end.</summary>
internal sealed record TimelineHistory(IReadOnlyList<TimelineHistory.Part> Parts)
{
    private static readonly NpgsqlLogSequenceNumber NoEnd = new(ulong.MaxValue);

    public uint Timeline => Parts[^1].Timeline;

    /// <summary>Reads a history file (timeline, position and remark on each line); an empty text is that of timeline 1.</summary>
    public static TimelineHistory Parse(uint timeline, string text)
    {
        var parts = text.Split('\n')
            .Select(l => l.Split('\t', StringSplitOptions.TrimEntries))
            .Where(f => f.Length >= 2 && uint.TryParse(f[0], out _))
            .Select(f => new Part(uint.Parse(f[0], CultureInfo.InvariantCulture), NpgsqlLogSequenceNumber.Parse(f[1])));
        return new([.. parts, new Part(timeline, NoEnd)]);
    }

    /// <summary>
    /// The history of a data folder whose server is down. A primary that was promoted and died before its next
    /// checkpoint is on a newer timeline than its control file says.
    /// </summary>
    public static TimelineHistory OfFolder(string data, ControlFile control)
    {
        var wal = Path.Join(data, "pg_wal");
        var timeline = control.Timeline;
        if (PostgresDataFolder.Describe(data) is { IsStandby: false })
        {
            timeline = Directory.EnumerateFiles(wal, "*.history")
                .Select(f => Path.GetFileNameWithoutExtension(f))
                .Where(f => f.Length == 8 && f.All(char.IsAsciiHexDigitUpper))
                .Select(f => uint.Parse(f, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .Append(timeline)
                .Max();
        }

        var file = Path.Join(wal, FileName(timeline));
        return Parse(timeline, File.Exists(file) ? File.ReadAllText(file) : "");
    }

    public static string FileName(uint timeline) => $"{timeline:X8}.history";

    /// <summary>Where two copies went apart: everything before is common. The same timeline without an end has no fork.</summary>
    public NpgsqlLogSequenceNumber? ForkFrom(TimelineHistory other)
    {
        NpgsqlLogSequenceNumber? fork = null;
        foreach (var (mine, theirs) in Parts.Zip(other.Parts))
        {
            if (mine.Timeline != theirs.Timeline)
            {
                break;
            }

            fork = mine.End < theirs.End ? mine.End : theirs.End;
            if (mine.End != theirs.End)
            {
                break;
            }
        }

        return fork == NoEnd ? null : fork ?? new NpgsqlLogSequenceNumber(0);
    }

    internal sealed record Part(uint Timeline, NpgsqlLogSequenceNumber End);
}
