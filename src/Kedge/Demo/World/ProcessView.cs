using System.Globalization;
using System.Text;

namespace Kedge.Demo.World;

/// <summary>A process as /proc shows it.</summary>
/// <param name="State">One letter, as proc(5) lists them; Z is a zombie, T a stopped one.</param>
internal sealed record ProcessView(int Pid, int Parent, char State)
{
    /// <summary>A zombie does nothing any more: it counts as dead.</summary>
    public bool Lives => State is not ('Z' or 'X' or 'x');

    /// <summary>Every process of this machine, zombies included.</summary>
    public static IReadOnlyList<ProcessView> All() =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .Select(Find)
            .OfType<ProcessView>(),
    ];

    /// <summary>Null where there is no such process.</summary>
    public static ProcessView? Find(int pid)
    {
        // "PID (NAME) STATE PARENT …", where the name may hold anything, parentheses too.
        var stat = Encoding.Latin1.GetString(ReadOrEmpty($"/proc/{pid}/stat"));
        var end = stat.LastIndexOf(')');
        return end > 0 && stat[(end + 2)..].Split(' ') is [[var state, ..], var parent, ..]
            ? new(pid, int.Parse(parent, CultureInfo.InvariantCulture), state)
            : null;
    }

    /// <summary>File name of the program; empty where that cannot be seen.</summary>
    public string Program() => Path.GetFileName(Link("exe"));

    /// <summary>Its arguments; empty where they cannot be seen.</summary>
    public IReadOnlyList<string> Arguments() =>
        Encoding.UTF8.GetString(ReadOrEmpty($"/proc/{Pid}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Its working folder; empty where that cannot be seen.</summary>
    public string Folder() => Link("cwd");

    private string Link(string name)
    {
        try
        {
            return new FileInfo($"/proc/{Pid}/{name}").LinkTarget ?? "";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static byte[] ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
