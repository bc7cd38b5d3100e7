namespace Kedge.Drivers.Programs;

/// <summary>Finds the file that an argument vector names, and says what is wrong where there is none.</summary>
public static class ProgramFinder
{
    /// <summary>
    /// Where programs are looked up that are named without a slash. Always the same, whoever starts Kedge from wherever:
    /// what a drill has proved from a terminal holds for the node that a boot has started.
    /// </summary>
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const UnixFileMode AnyExecute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// The program's absolute path. Throws <see cref="DriverException"/> with a remedy where it, or the folder, is
    /// missing, or where it cannot be executed by anybody. Starts nothing.
    /// </summary>
    public static string Find(ProgramStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (start.Arguments.Count == 0 || start.Arguments[0].Length == 0)
        {
            throw new DriverException("no program is named", "give a program and its arguments as a list");
        }

        if (start.Arguments.Any(a => a.Contains('\0')))
        {
            throw new DriverException($"an argument of '{start.Arguments[0]}' holds a zero byte", "take it out");
        }

        if (start.Folder is { } folder && !Directory.Exists(folder))
        {
            throw new DriverException($"folder '{folder}' does not exist", "create it, or name another one to run the program in");
        }

        var name = start.Arguments[0];
        var path = name.Contains('/') ? Path.GetFullPath(name, start.Folder ?? Environment.CurrentDirectory) : Search(name, start);
        if (path.Contains('='))
        {
            throw new DriverException($"program '{path}' has an equals sign in its path", "give it another name, or a link with another name");
        }

        return path switch
        {
            _ when Directory.Exists(path) => throw new DriverException($"'{path}' is a folder, not a program", "name the program in it"),
            _ when !File.Exists(path) => throw new DriverException($"program '{path}' does not exist", "install it, or mend the path"),
            _ when (File.GetUnixFileMode(path) & AnyExecute) == 0 =>
                throw new DriverException($"program '{path}' is not executable", $"chmod +x {path}"),
            _ => path,
        };
    }

    /// <summary>The same as an answer for a preflight.</summary>
    public static PreflightFinding Preflight(ProgramStart start)
    {
        try
        {
            var path = Find(start);
            if (start.User is { } user)
            {
                RunAs.Check(user);
            }

            return new(true, $"program {path} is there", null);
        }
        catch (DriverException e)
        {
            return new(false, e.Message, e.Hint);
        }
    }

    private static string Search(string name, ProgramStart start)
    {
        var path = start.Environment.GetValueOrDefault("PATH", DefaultPath);
        var found = path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .Where(File.Exists)
            .OrderByDescending(file => (File.GetUnixFileMode(file) & AnyExecute) != 0)
            .FirstOrDefault();
        return found ?? throw new DriverException($"program '{name}' is not on PATH ({path})", "install it, or give its full path");
    }
}
