namespace Kedge.Drivers.Programs;

/// <summary>Turns a <see cref="ProgramStart"/> into what is really executed.</summary>
internal static class RunAs
{
    private const string SetPriv = "/usr/bin/setpriv";
    private const string Env = "/usr/bin/env";

    /// <summary>
    /// For a program that dies with this process: setpriv(1) asks for the parent-death signal and becomes the user, then
    /// env(1) enters the folder by way of <paramref name="lifePath"/>, which no longer exists if this process died before
    /// the signal was asked for, and becomes the program. No number of a process changes on the way.
    /// </summary>
    internal static SpawnRequest DyingWithUs(ProgramStart start, string program, string lifePath)
    {
        var account = AccountFor(start.User);
        var other = IsOther(account);
        List<string> arguments = [SetPriv, "--pdeathsig", "KILL", .. other ? Become(account) : [], "--"];
        var folder = FolderFor(start, other);
        if (other && ProcessesAreHidden)
        {
            arguments.AddRange([Env, "-C", folder, "--"]);
        }
        else
        {
            // proc, PID, task, TID: four steps up is the root.
            arguments.AddRange([Env, "-C", $"{lifePath}/../../../..{folder}", "--"]);
        }

        Require(SetPriv, "util-linux");
        Require(Env, "coreutils");
        return new()
        {
            Arguments = [.. arguments, program, .. start.Arguments.Skip(1)],
            Environment = CleanEnvironment(start, account),
            Folder = null,
        };
    }

    /// <summary>For a program that outlives this process.</summary>
    internal static SpawnRequest Detached(ProgramStart start, string program)
    {
        var account = AccountFor(start.User);
        var other = IsOther(account);
        var folder = FolderFor(start, other);
        IReadOnlyList<string> arguments = [program, .. start.Arguments.Skip(1)];
        if (other)
        {
            Require(SetPriv, "util-linux");
            Require(Env, "coreutils");
            // setpriv(1) keeps root's capabilities until it becomes another program: env(1) is the first to be refused
            // what the user may not do.
            arguments = [SetPriv, .. Become(account), "--", Env, "-C", folder, "--", .. arguments];
        }

        return new()
        {
            Arguments = arguments,
            Environment = CleanEnvironment(start, account),
            Folder = other ? null : folder,
        };
    }

    /// <summary>This process's own folder may be one that another user may not enter.</summary>
    private static string FolderFor(ProgramStart start, bool other) => Path.GetFullPath(start.Folder ?? (other ? "/" : Environment.CurrentDirectory));

    /// <summary>The user that a program would run as; throws <see cref="DriverException"/> where this process may not become it.</summary>
    internal static UserAccount Check(string user) => AccountFor(user);

    /// <summary>True while a process only becomes the program that was asked for, or has failed to and is about to end.</summary>
    internal static bool IsOnTheWay(int pid, ProgramStart start) =>
        IsOther(AccountFor(start.User)) && ProcessTable.Executable(pid) is null or SetPriv or Env;

    /// <summary>
    /// What setpriv(1) or env(1) said where they could not become the program; null where the program itself ended so.
    /// Their own exit codes are 125 to 127, and 1 where the user could not be changed.
    /// </summary>
    internal static DriverException? Refusal(int exitCode, string output, ProgramStart start)
    {
        if (exitCode is not (1 or 125 or 126 or 127)
            || !(output.StartsWith("setpriv: ", StringComparison.Ordinal) || output.StartsWith($"{Env}: ", StringComparison.Ordinal))
            || output.TrimEnd().Contains('\n'))
        {
            return null;
        }

        var who = start.User is { } user ? $" as user '{user}'" : "";
        return new($"'{start.Arguments[0]}' could not be started{who}: {output[(output.IndexOf(' ') + 1)..].Trim()}",
            "look at the permissions of the program, of its interpreter, and of the folders on the way to it");
    }

    private static bool ProcessesAreHidden => File.ReadLines("/proc/self/mounts")
        .Select(line => line.Split(' '))
        .Any(f => f is [_, "/proc", "proc", var options, ..] && options.Split(',').Any(
            o => o.StartsWith("hidepid=", StringComparison.Ordinal) && o is not ("hidepid=0" or "hidepid=off")));

    private static UserAccount AccountFor(string? user)
    {
        var own = UserAccount.Own;
        if (user is null || user == own.Name)
        {
            return own;
        }

        var wanted = UserAccount.Named(user);
        return own.User == 0 || wanted.User == own.User
            ? wanted
            : throw new DriverException($"user '{own.Name}' may not run programs as user '{user}'",
                $"run Kedge as root or as '{user}'");
    }

    private static bool IsOther(UserAccount account) => account.User != NativeCalls.EffectiveUser();

    private static string[] Become(UserAccount account) =>
        [$"--reuid={account.User}", $"--regid={account.Group}", "--init-groups"];

    private static Dictionary<string, string> CleanEnvironment(ProgramStart start, UserAccount account)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = ProgramFinder.DefaultPath,
            ["LANG"] = "C.UTF-8",
            ["HOME"] = account.Home,
        };
        foreach (var (name, value) in start.Environment)
        {
            if (name.Length == 0 || name.Contains('=') || name.Contains('\0') || value.Contains('\0'))
            {
                throw new DriverException($"environment variable '{name.Replace('\0', '?')}' has an impossible name or a zero byte",
                    "names hold no equals sign, and neither name nor value a zero byte");
            }

            environment[name] = value;
        }

        return environment;
    }

    private static void Require(string program, string package)
    {
        if (!File.Exists(program))
        {
            throw new DriverException($"{program} is missing", $"install the package {package}");
        }
    }
}
