using System.Globalization;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Standby;

/// <summary>
/// What was kept of an old primary before it became a standby: in <c>DATA.kedge/diverged-RUN</c> the files of its log from
/// the fork on, its control file, and <c>fork.txt</c>, which says where the fork was.
/// </summary>
/// <param name="Ended">True where there was anything after the fork; false where the old copy had nothing of its own.</param>
internal sealed record KeptAside(string Folder, uint Timeline, NpgsqlLogSequenceNumber Fork, bool Ended)
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
            NpgsqlLogSequenceNumber.Parse(lines["forked at"]), lines["kept"] == "yes");
    }

    /// <summary>Written last: a folder without it is of a copy that was cut off.</summary>
    public void Write()
    {
        using var stream = new FileStream(Path.Join(Folder, Note), FileMode.Create);
        using var writer = new StreamWriter(stream);
        writer.Write(string.Create(CultureInfo.InvariantCulture,
            $"timeline: {Timeline}\nforked at: {Fork}\nkept: {(Ended ? "yes" : "nothing was written after the fork")}\n"));
        writer.Flush();
        stream.Flush(flushToDisk: true);
    }
}
