using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Kedge.Demo.World;

/// <summary>A user of this machine.</summary>
internal sealed record Account(string Name, uint User, uint Group)
{
    public static bool Root { get; } = Environment.IsPrivilegedProcess;

    /// <summary>Null where this process is not root: then its servers run as what it is itself.</summary>
    public static Account? ForServer(params ReadOnlySpan<string> names)
    {
        if (!Root)
        {
            return null;
        }

        foreach (var name in names)
        {
            var line = File.ReadLines("/etc/passwd").FirstOrDefault(l => l.StartsWith(name + ':', StringComparison.Ordinal));
            if (line?.Split(':') is [_, _, var user, var group, ..])
            {
                return new(name, uint.Parse(user, CultureInfo.InvariantCulture), uint.Parse(group, CultureInfo.InvariantCulture));
            }
        }

        throw new DemoException($"this machine has no user {string.Join(" or ", names)}, which the servers would run as",
            "install the packages anew, or run the demo as an ordinary user");
    }
}

/// <summary>Starts the programs that the demo's world is made of, by argument vector.</summary>
internal static class Launcher
{
    /// <summary>
    /// Starts a server that goes on without this process: a session of its own, so that neither Ctrl-C nor the end of the
    /// terminal reaches it; its output is appended to a file.
    /// </summary>
    public static Process Start(IReadOnlyList<string> program, string log, Account? account, string folder)
    {
        // The shell opens the log before the user changes, and turns into the program: the process keeps its number.
        var start = Prepare(
            ["setsid", "/bin/sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, .. As(account), .. program], folder);
        return StartProcess(start);
    }

    /// <summary>Runs a program to its end and returns what it printed. Throws <see cref="DemoException"/> unless it ends with 0.</summary>
    public static async Task<string> RunAsync(
        IReadOnlyList<string> program, Account? account, string folder, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var start = Prepare([.. As(account), .. program], folder);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = StartProcess(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? await output
                : throw new DemoException($"{Path.GetFileName(program[0])} failed: {(await errors).Trim()}", null);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public static ProcessStartInfo Prepare(IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(arguments[0], arguments.Skip(1)) { WorkingDirectory = folder };
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        if (dotnet is not null)
        {
            start.Environment["DOTNET_ROOT"] = dotnet;
        }

        return start;
    }

    public static Process StartProcess(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new DemoException($"{start.FileName} cannot be started: {missing.Message}", "./kedge demo installs what is missing");
        }
    }

    private static string[] As(Account? account) => account is null
        ? []
        : ["setpriv", $"--reuid={account.User}", $"--regid={account.Group}", "--clear-groups", "--"];
}
