using System.Globalization;
using System.Text.RegularExpressions;
using Kedge.Drivers.PostgreSql.Server;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Standby;

/// <summary>
/// Keeps what only an old primary has, before it is made a standby: the files of its log from the point at which the
/// new primary went its own way, and its control file, with which <c>pg_waldump</c> shows every change that was lost.
/// </summary>
internal sealed partial class DivergedLog(PostgresParts parts)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Copies it to <c>DATA.kedge/diverged-RUN</c>, on stable storage; nothing where an earlier act has done so. Throws
    /// <see cref="DriverException"/> where there is no room: nothing is erased before it is kept.
    /// </summary>
    public async Task<KeptAside> KeepAsync(
        PostgresInstance old, string run, NpgsqlLogSequenceNumber fork, uint timeline, CancellationToken cancellation)
    {
        var folder = KeptAside.FolderFor(old, run);
        if (KeptAside.Find(old, fork) is { } earlier)
        {
            return earlier;
        }

        var wal = Path.Join(old.Data, "pg_wal");
        var start = WalSegment.Readable(wal, timeline, fork);
        var end = start is { } from ? await EndAsync(old, wal, timeline, from, cancellation) : null;
        var kept = new KeptAside(
            folder, timeline, fork, start is null ? KeptLog.Gone : end is null ? KeptLog.NothingWritten : KeptLog.Kept);
        await parts.Control.MakeSideFolderAsync(old, cancellation);
        await parts.Control.MakeFolderAsync(old, folder, cancellation);
        await parts.Control.MakeFolderAsync(old, kept.LogFolder, cancellation);
        if (end is { } last)
        {
            var files = WalSegment.From(wal, timeline, fork)
                .Where(f => string.CompareOrdinal(f, WalSegment.Containing(wal, timeline, last)) <= 0)
                .Select(f => Path.Join(wal, f))
                .Concat(Directory.EnumerateFiles(wal, "*.history"))
                .ToList();
            DemandRoom(folder, files.Sum(f => new FileInfo(f).Length));
            await parts.Tools.CopyAsync(files, kept.LogFolder, cancellation);
        }

        await parts.Tools.CopyAsync([Path.Join(old.Data, "global", "pg_control")], folder, cancellation);
        kept.Write();
        return kept;
    }

    /// <summary>The end of the last record from there on; null where there is none.</summary>
    private async Task<NpgsqlLogSequenceNumber?> EndAsync(
        PostgresInstance old, string wal, uint timeline, NpgsqlLogSequenceNumber start, CancellationToken cancellation)
    {
        var dump = await parts.Tools.RunAsync(
            old, "pg_waldump",
            ["--stats", "-p", wal, "-t", timeline.ToString(CultureInfo.InvariantCulture), "-s", start.ToString()], Limit, null, cancellation);
        var span = Span().Match(dump.Output);
        return span.Success
            ? NpgsqlLogSequenceNumber.Parse(span.Groups["end"].Value) is var end && end > start ? end : null
            : dump.Output.Contains("could not find a valid record", StringComparison.Ordinal)
                ? null
                : throw new DriverException($"the log of {old.Id} could not be read, and so not kept: {PostgresTools.LastLines(dump.Output)}",
                    "copy its pg_wal elsewhere by hand, and then take it away, if it is not needed");
    }

    private static void DemandRoom(string folder, long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes + (64L << 20))
        {
            throw new DriverException($"{bytes >> 20} MiB of diverged log are to be kept, and {folder} has {free >> 20} MiB free",
                "make room, or move older 'diverged-' folders elsewhere");
        }
    }

    [GeneratedRegex(@"WAL statistics between [0-9A-F]+/[0-9A-F]+ and (?<end>[0-9A-F]+/[0-9A-F]+)")]
    private static partial Regex Span();
}
