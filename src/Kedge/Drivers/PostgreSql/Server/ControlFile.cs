using System.Globalization;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>What <c>pg_controldata</c> says of a data folder.</summary>
/// <param name="State"><c>shut down</c> after a clean stop of a primary; <c>in production</c> also after a crash.</param>
/// <param name="Checkpoint">Where the newest checkpoint's record begins: after a clean stop, the shutdown checkpoint.</param>
/// <param name="Redo">Where recovery from that checkpoint would begin.</param>
internal sealed record ControlFile(
    string State, ulong SystemIdentifier, NpgsqlLogSequenceNumber Checkpoint, NpgsqlLogSequenceNumber Redo, uint Timeline)
{
    /// <summary>True after a clean stop of a server that was a primary.</summary>
    public bool IsCleanPrimary => State == "shut down";

    /// <summary>True after a clean stop of a server that was a standby.</summary>
    public bool IsCleanStandby => State == "shut down in recovery";

    /// <summary>Reads the output of <c>pg_controldata</c> in the C locale; throws <see cref="DriverException"/> where it lacks something.</summary>
    public static ControlFile Parse(string output)
    {
        var lines = output.Split('\n')
            .Select(l => l.Split(':', 2))
            .Where(p => p.Length == 2)
            .ToLookup(p => p[0].Trim(), p => p[1].Trim());
        return new(
            Value("Database cluster state"),
            ulong.Parse(Value("Database system identifier"), CultureInfo.InvariantCulture),
            NpgsqlLogSequenceNumber.Parse(Value("Latest checkpoint location")),
            NpgsqlLogSequenceNumber.Parse(Value("Latest checkpoint's REDO location")),
            uint.Parse(Value("Latest checkpoint's TimeLineID"), CultureInfo.InvariantCulture));

        string Value(string name) => lines[name].FirstOrDefault()
            ?? throw new DriverException($"pg_controldata did not say '{name}'", "use the programs of the data folder's own version");
    }
}
