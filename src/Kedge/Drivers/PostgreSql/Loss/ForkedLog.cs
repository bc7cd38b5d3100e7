using System.Globalization;
using System.Text.RegularExpressions;
using Kedge.Drivers.PostgreSql.Server;
using Kedge.Drivers.PostgreSql.Standby;
using Npgsql;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Loss;

/// <summary>
/// Reads, with <c>pg_waldump</c>, what an old primary committed after the point at which the recovered copy went its
/// own way: from its data folder while that is as it was, else from what was kept aside when it became a standby.
/// </summary>
internal sealed partial class ForkedLog(PostgresParts parts)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>So many lines stay well below what a program's kept output may hold.</summary>
    private const int Chunk = 250;

    /// <summary>Null where the old log cannot be read here, or no longer holds that point.</summary>
    public async Task<LostTransactions?> ReadAsync(
        PostgresInstance old, NpgsqlLogSequenceNumber fork, OwnTables own, CancellationToken cancellation)
    {
        if (await ServerControl.WhyNotHereAsync(old, cancellation) is not null)
        {
            return null;
        }

        if (KeptAside.Find(old, fork) is { } kept)
        {
            return kept.Log switch
            {
                KeptLog.Kept => await ReadAsync(old, kept.LogFolder, kept.Timeline, fork, own, cancellation),
                KeptLog.NothingWritten => new(0, null, null, fork, kept.Folder),
                _ => null,
            };
        }

        // A standby's log is that of its primary.
        if (PostgresDataFolder.Describe(old.Data) is not { IsStandby: false })
        {
            return null;
        }

        var control = await parts.Tools.ReadControlFileAsync(old, cancellation);
        return await ReadAsync(old, Path.Join(old.Data, "pg_wal"), TimelineHistory.OfFolder(old.Data, control).Timeline, fork, own, cancellation);
    }

    /// <summary>The tables of Kedge's own, whose writes nobody misses.</summary>
    public static async Task<OwnTables> OwnTablesAsync(NpgsqlConnection connection, CancellationToken cancellation) => new(
        await connection.QueryAsync(
            """
            select coalesce(nullif(c.reltablespace, 0), d.dattablespace)::text || '/' || d.oid || '/' || pg_relation_filenode(c.oid)
            from pg_class c, pg_database d
            where d.datname = current_database() and c.oid in (to_regclass('kedge.marker'), to_regclass('kedge.epoch'))
            """,
            static r => r.GetString(0), cancellation));

    private async Task<LostTransactions?> ReadAsync(
        PostgresInstance old, string folder, uint timeline, NpgsqlLogSequenceNumber fork, OwnTables own, CancellationToken cancellation)
    {
        if (!WalSegment.Holds(folder, timeline, fork))
        {
            return null;
        }

        var commits = await RecordsAsync(old, folder, timeline, fork, ["--rmgr=Transaction"], cancellation);
        var owned = new HashSet<uint>();
        foreach (var table in own.Files)
        {
            owned.UnionWith((await RecordsAsync(old, folder, timeline, fork, [$"--relation={table}"], cancellation)).Select(r => r.Transaction));
        }

        var lost = commits
            .Where(r => r.Committed is not null && r.Transaction != 0 && !owned.Contains(r.Transaction))
            .DistinctBy(r => r.Transaction)
            .ToList();
        return new(lost.Count, lost.Min(r => r.Committed), lost.Max(r => r.Committed), commits.LastOrDefault()?.At ?? fork, folder);
    }

    private async Task<List<LogRecord>> RecordsAsync(
        PostgresInstance old, string folder, uint timeline, NpgsqlLogSequenceNumber from, IReadOnlyList<string> filter, CancellationToken cancellation)
    {
        var records = new List<LogRecord>();
        for (var at = from; ;)
        {
            var dump = await parts.Tools.RunAsync(
                old, "pg_waldump",
                ["-p", folder, "-t", timeline.ToString(CultureInfo.InvariantCulture), "-s", at.ToString(), "-n", Chunk.ToString(CultureInfo.InvariantCulture), .. filter],
                Limit, null, cancellation);
            var some = Record().Matches(dump.Output).Select(LogRecord.Of).Where(r => records.Count == 0 || r.At > at).ToList();
            records.AddRange(some);
            if (some.Count > 0)
            {
                at = some[^1].At;
            }
            else
            {
                // The log of a server that died ends in an invalid record; anything else is a failure to read.
                return dump.ExitCode == 0 || dump.Output.Contains("error in WAL record", StringComparison.Ordinal)
                    || dump.Output.Contains("could not find a valid record", StringComparison.Ordinal)
                    || dump.Output.Contains("could not find file", StringComparison.Ordinal)
                    ? records
                    : throw new DriverException($"the old log in {folder} could not be read: {PostgresTools.LastLines(dump.Output)}",
                        "read it with pg_waldump by hand");
            }
        }
    }

    [GeneratedRegex(@"tx: *(?<tx>\d+), lsn: (?<lsn>[0-9A-F]+/[0-9A-F]+), .*?desc: (?<desc>\S+) ?(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? UTC)?")]
    private static partial Regex Record();

    private sealed record LogRecord(uint Transaction, NpgsqlLogSequenceNumber At, DateTimeOffset? Committed)
    {
        public static LogRecord Of(Match match) => new(
            uint.Parse(match.Groups["tx"].Value, CultureInfo.InvariantCulture),
            NpgsqlLogSequenceNumber.Parse(match.Groups["lsn"].Value),
            match.Groups["desc"].Value.StartsWith("COMMIT", StringComparison.Ordinal) && match.Groups["time"].Success
                ? DateTimeOffset.Parse(match.Groups["time"].Value[..^4], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : null);
    }
}

/// <summary>Kedge's own tables, as tablespace, database and file.</summary>
internal sealed record OwnTables(IReadOnlyList<string> Files);

/// <summary>What an old log holds that the recovered copy lacks.</summary>
/// <param name="End">The last record of it that was read.</param>
internal sealed record LostTransactions(
    int Count, DateTimeOffset? First, DateTimeOffset? Last, NpgsqlLogSequenceNumber End, string Folder)
{
    public LossReading Reading(DateTimeOffset outage)
    {
        var end = Last > outage ? Last.Value : outage;
        var time = First is { } first && end > first ? end - first : TimeSpan.Zero;
        return new(true, time, null, Count, false, Count == 0
            ? $"the old log was read ({Folder}): nothing that was committed is missing"
            : $"transactions that were committed in the old log and are missing: {Count} (marker rows count too), the first of {First:HH:mm:ss.fff}; the log is in {Folder}");
    }
}
