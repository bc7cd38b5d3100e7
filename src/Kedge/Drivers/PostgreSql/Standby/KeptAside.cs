using System.Globalization;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Standby;

/// <summary>
/// What was kept of an old primary before it became a standby: in <c>DATA.kedge/diverged-RUN</c> the files of its log from
/// the fork on, its control file, and <c>fork.txt</c>, which says where the fork was.
/// </summary>
internal sealed record KeptAside(string Folder, uint Timeline, NpgsqlLogSequenceNumber Fork, KeptLog Log)
{
    private const string Note = "fork.txt";

    public string LogFolder => Path.Join(Folder, "pg_wal");

    public static string FolderFor(PostgresInstance instance, string run) =>
        Path.Join(instance.SideFolder, $"diverged-{string.Concat(run.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'))}");

    /// <summary>What was kept of the copy that forked at this point; null where nothing was.</summary>
    public static KeptAside? Find(PostgresInstance instance, NpgsqlLogSequenceNumber fork) =>
        Directory.Exists(instance.SideFolder)
            ? Directory.EnumerateDirectories(instance.SideFolder, "diverged-*").Select(Read).FirstOrDefault(k => k?.Fork == fork)
            : null;

    public static KeptAside? Read(string folder)
    {
        var file = Path.Join(folder, Note);
        if (!File.Exists(file))
        {
            return null;
        }

        var lines = File.ReadAllLines(file).Select(l => l.Split(": ", 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1]);
        return new(folder, uint.Parse(lines["timeline"], CultureInfo.InvariantCulture),
            NpgsqlLogSequenceNumber.Parse(lines["forked at"]), Enum.Parse<KeptLog>(lines["log"]));
    }

    /// <summary>Written last: a folder without it is of a copy that was cut off.</summary>
    public void Write()
    {
        using var stream = new FileStream(Path.Join(Folder, Note), FileMode.Create);
        using var writer = new StreamWriter(stream);
        writer.Write(string.Create(CultureInfo.InvariantCulture,
            $"timeline: {Timeline}\nforked at: {Fork}\nlog: {Log}\n"));
        writer.Flush();
        stream.Flush(flushToDisk: true);
    }
}

/// <summary>What there was to keep of an old copy's log after the fork.</summary>
internal enum KeptLog
{
    /// <summary>Its files are kept.</summary>
    Kept,

    /// <summary>The log was read, and ends at the fork: the old copy had nothing of its own.</summary>
    NothingWritten,

    /// <summary>Its files were gone already: what it had cannot be told.</summary>
    Gone,
}
