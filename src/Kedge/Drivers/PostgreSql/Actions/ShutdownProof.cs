using System.Globalization;
using System.Text.RegularExpressions;
using Kedge.Drivers.PostgreSql.Server;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>
/// Where the log of a cleanly stopped primary ends: at its shutdown checkpoint. Read from the stopped primary's control
/// file where that is on this machine; otherwise from the standby's own copy of the log, whose last record it then is.
/// </summary>
internal sealed partial class ShutdownProof(PostgresParts parts)
{
    private const ulong Window = 256 * 1024;
    private const string StopItAgain = "make sure that it was stopped with a fast stop while this standby was streaming, or declare a failover";

    /// <summary>
    /// The beginning of the shutdown checkpoint. Throws <see cref="DriverException"/> with a hint where the old primary
    /// was not stopped cleanly, or nothing readable here says that it was.
    /// </summary>
    public async Task<NpgsqlLogSequenceNumber> ReadAsync(StepContext step, ServerState standby, CancellationToken cancellation)
    {
        var source = PostgresInstance.Of(Promotion.Other(step));
        if (await ServerControl.WhyNotHereAsync(source, cancellation) is null)
        {
            return await ReadSourceAsync(source, standby, cancellation);
        }

        var target = PostgresInstance.Of(step.Instance!);
        return await ServerControl.WhyNotHereAsync(target, cancellation) is null
            ? await ReadTargetAsync(target, standby, step.LastKnown, cancellation)
            : throw new DriverException(
                $"neither the data folder of {source.Id} nor that of {target.Id} is on this machine: nothing here shows that the whole log has arrived",
                "run a node at one of the two sites");
    }

    private async Task<NpgsqlLogSequenceNumber> ReadSourceAsync(
        PostgresInstance source, ServerState standby, CancellationToken cancellation)
    {
        if (!ServerProcesses.Find(source.Data).AllDead)
        {
            throw new DriverException($"{source.Id} still runs", "stop it first: nothing is promoted beside it");
        }

        var control = await parts.Tools.ReadControlFileAsync(source, cancellation);
        return control.SystemIdentifier.ToString(CultureInfo.InvariantCulture) != standby.SystemIdentifier
            ? throw new DriverException($"{source.Id} is of another cluster than its standby (system identifiers differ)",
                "look at the data folders in the plan; rebuild the standby")
            : control.IsCleanPrimary
                ? control.Checkpoint
                : throw new DriverException($"{source.Id} was not stopped cleanly ('{control.State}')",
                    "start it again and repeat, or declare a failover");
    }

    private async Task<NpgsqlLogSequenceNumber> ReadTargetAsync(
        PostgresInstance target, ServerState standby, Watermark? lastKnown, CancellationToken cancellation)
    {
        if (standby.Replayed is not { } replayed || standby.Position is not { } received)
        {
            throw new DriverException($"{target.Id} has received nothing", "wait until it follows its source");
        }

        var from = (ulong)replayed > Window ? new NpgsqlLogSequenceNumber((ulong)replayed - Window) : new(0);
        var segment = Directory.EnumerateFiles(Path.Join(target.Data, "pg_wal"))
            .Select(Path.GetFileName)
            .Where(f => f!.Length == 24 && f.All(char.IsAsciiHexDigit))
            .Max(StringComparer.Ordinal)!;
        var dump = await parts.Tools.RunAsync(
            target, "pg_waldump",
            ["-p", Path.Join(target.Data, "pg_wal"), "-t", uint.Parse(segment[..8], NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
                "-s", from.ToString(), "-e", received.ToString()],
            TimeSpan.FromSeconds(30), null, cancellation);
        var last = dump.Output.Split('\n').LastOrDefault(l => l.StartsWith("rmgr:", StringComparison.Ordinal)) ?? "";
        var match = Record().Match(last);
        if (!match.Success || !last.Contains("CHECKPOINT_SHUTDOWN", StringComparison.Ordinal))
        {
            throw new DriverException(
                $"the last record that {target.Id} has is no shutdown checkpoint: its source was not stopped cleanly, or the end of its log has not arrived",
                StopItAgain);
        }

        var end = NpgsqlLogSequenceNumber.Parse(match.Groups["lsn"].Value);
        // The source may have been started again, and have written without being heard here.
        return lastKnown is not null && NpgsqlLogSequenceNumber.Parse(lastKnown.Position) > end
            ? throw new DriverException(
                $"the shutdown checkpoint that {target.Id} ends with, at {end}, is that of an earlier stop: its source was seen at {lastKnown.Position} since",
                StopItAgain)
            : end;
    }

    [GeneratedRegex(@"lsn: (?<lsn>[0-9A-F]+/[0-9A-F]+)")]
    private static partial Regex Record();
}
