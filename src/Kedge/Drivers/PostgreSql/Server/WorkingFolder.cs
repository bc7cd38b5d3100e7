using Kedge.Drivers.Programs;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>The working folder of a process, or why it cannot be told: for a fence the difference matters.</summary>
/// <param name="Path">Null where it has none (any more), or may not be seen.</param>
/// <param name="Hidden">True where this user may not see it; false where the process is gone or about to be: it has let go of its files by then.</param>
internal readonly record struct WorkingFolder(string? Path, bool Hidden)
{
    public static WorkingFolder Of(int pid)
    {
        var path = ProcFiles.Link(pid, "cwd", out var error);
        return new(path, error is not (0 or NativeCalls.NoSuchFile or NativeCalls.NoSuchProcess));
    }
}
