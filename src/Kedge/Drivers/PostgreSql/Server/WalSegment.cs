using System.Globalization;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>Files of the write-ahead log: eight digits each of timeline, high and low part of the number.</summary>
internal static class WalSegment
{
    /// <summary>True where the folder has the file of a timeline in which a position lies.</summary>
    public static bool Holds(string folder, uint timeline, NpgsqlLogSequenceNumber position) =>
        Size(folder) is { } size && File.Exists(Path.Join(folder, Name(timeline, (ulong)position / size, size)));

    /// <summary>The files of a timeline from a position on, in order.</summary>
    public static IReadOnlyList<string> From(string folder, uint timeline, NpgsqlLogSequenceNumber position)
    {
        if (Size(folder) is not { } size)
        {
            return [];
        }

        var first = Name(timeline, (ulong)position / size, size);
        return [.. All(folder)
            .Where(f => string.CompareOrdinal(f, first) >= 0 && f.StartsWith(first[..8], StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Where the log of a timeline can be read from: the position itself, or the beginning of the first file after it that is still there; null where none is.</summary>
    public static NpgsqlLogSequenceNumber? Readable(string folder, uint timeline, NpgsqlLogSequenceNumber position)
    {
        if (Holds(folder, timeline, position))
        {
            return position;
        }

        return From(folder, timeline, position) is [var first, ..] && Size(folder) is { } size
            ? new((Hex(first[8..16]) * (0x1_0000_0000UL / size) + Hex(first[16..])) * size)
            : null;

        static ulong Hex(string digits) => ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    /// <summary>Name of the file in which a position lies; the folder tells how large its files are.</summary>
    public static string Containing(string folder, uint timeline, NpgsqlLogSequenceNumber position)
    {
        var size = Size(folder) ?? throw new DriverException($"{folder} holds no log", "look at the data folder: its log is gone");
        return Name(timeline, (ulong)position / size, size);
    }

    /// <summary>Names, without the folder.</summary>
    public static IEnumerable<string> All(string folder) =>
        Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Where(f => f.Length == 24 && f.All(char.IsAsciiHexDigitUpper));

    private static ulong? Size(string folder) =>
        Directory.Exists(folder) && All(folder).FirstOrDefault() is { } any ? (ulong)new FileInfo(Path.Join(folder, any)).Length : null;

    private static string Name(uint timeline, ulong number, ulong size)
    {
        var perFile = 0x1_0000_0000UL / size;
        return $"{timeline:X8}{number / perFile:X8}{number % perFile:X8}";
    }
}
