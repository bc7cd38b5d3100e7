using System.Globalization;
using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Process;

/// <summary>
/// Which process an instance is: its number on the first line, for people and scripts; start time and boot on the
/// second, so that a number that was given out again is not taken for it.
/// </summary>
internal static class PidFile
{
    private const string Starting = "starting";

    private static readonly string Boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>
    /// What is noted. <see cref="Note.Uncertain"/>: nothing usable, or that Kedge was about to start it: then only a look
    /// at all processes can tell.
    /// </summary>
    internal static Note Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(null, Uncertain: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"'{path}' could not be read: {e.Message}", "let Kedge's user read it, or name another pid-file", inner: e);
        }

        if (lines is [var number, var rest, ..] && rest.Split(' ') is [var started, var boot]
            && int.TryParse(number, CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(started, CultureInfo.InvariantCulture, out var ticks))
        {
            return new(boot == Boot ? new(pid, ticks) : null, Uncertain: false);
        }

        return new(null, Uncertain: true);
    }

    /// <summary>To be written before the start: what follows may be cut off at any point.</summary>
    internal static void WriteStarting(string path) => Write(path, $"{Starting}\n");

    internal static void Write(string path, ProcessIdentity process) =>
        Write(path, $"{process.Pid}\n{process.Started} {Boot}\n");

    private static void Write(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var next = path + ".new";
            File.WriteAllText(next, text);
            File.Move(next, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"'{path}' could not be written: {e.Message}",
                "let Kedge's user write there, or name another pid-file", inner: e);
        }
    }

    internal readonly record struct Note(ProcessIdentity? Process, bool Uncertain);
}
