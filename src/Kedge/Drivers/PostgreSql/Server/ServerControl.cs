using System.Collections.Concurrent;
using Kedge.Drivers.Programs;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>Starts and stops the server of a data folder on this machine, itself or through systemd.</summary>
internal sealed class ServerControl(IProgramRunner programs, PostgresTools tools, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan SystemctlLimit = TimeSpan.FromMinutes(2);

    /// <summary>How long an immediate stop may take before the processes are killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LongestDeath = TimeSpan.FromSeconds(20);

    /// <summary>By data folder: how long the log was when the server was last started.</summary>
    private readonly ConcurrentDictionary<string, long> logStarts = new();

    /// <summary>
    /// Null where the server's machine is this one and its data folder is here; else why nothing seen here says
    /// anything about it. A process identifier that is gone on this machine proves nothing about another.
    /// </summary>
    public static async Task<string?> WhyNotHereAsync(PostgresInstance instance, CancellationToken cancellation) =>
        !await LocalMachine.IsAsync(instance.Host, cancellation)
            ? $"{instance.Host} is not this machine: what runs there cannot be seen or stopped from here"
            : !Directory.Exists(instance.Data)
                ? $"the data folder {instance.Data} is not on this machine"
                : null;

    /// <summary>
    /// Starts the server, unless it is starting or running already, and returns once it accepts connections (a standby: once it is consistent). Lock files that a
    /// dead server left are taken away first. Throws <see cref="DriverException"/> with the end of its output where it
    /// does not come up.
    /// </summary>
    public async Task StartAsync(PostgresInstance instance, CancellationToken cancellation)
    {
        if (!ServerProcesses.Find(instance.Data).AllDead)
        {
            await WaitUntilReadyAsync(instance, null, "look at its log", cancellation);
            return;
        }

        ClearStaleLocks(instance);
        if (instance.Unit is { } unit)
        {
            await SystemctlAsync(["start", "--", unit], cancellation);
            await WaitUntilReadyAsync(instance, null, "see journalctl -u " + unit, cancellation);
            return;
        }

        var log = LogFile(instance);
        await MakeSideFolderAsync(instance, cancellation);
        logStarts[instance.Data] = File.Exists(log) ? new FileInfo(log).Length : 0;
        var pid = await programs.StartDetachedAsync(
            new()
            {
                Arguments =
                [
                    PostgresTools.Program(instance, "postgres"), "-D", instance.Data,
                    .. instance.ConfigFile is { } file ? ["-c", $"config_file={file}"] : Array.Empty<string>(),
                    .. instance.StartOptions,
                ],
                User = await tools.UserAsync(instance, cancellation),
                Folder = instance.Data,
                Timeout = TimeSpan.FromMinutes(1),
            },
            log, cancellation);
        await WaitUntilReadyAsync(instance, ProcessStat.Read(pid)?.Identity ?? new(pid, 0), $"the whole of its output is in {log}", cancellation);
    }

    /// <summary>True where its own lock file says that it accepts connections, and its process lives.</summary>
    public static bool IsReady(PostgresInstance instance) =>
        PostmasterFile.Read(instance.Data) is { IsReady: true } file
        && ProcessStat.Read(file.Pid) is { IsDead: false, Name: "postgres" or "postmaster" };

    /// <summary>Takes away what a dead server left locked; see <see cref="PostmasterFile.ClearStale"/>.</summary>
    public static void ClearStaleLocks(PostgresInstance instance) =>
        PostmasterFile.ClearStale(instance.Data, SocketFolders(instance));

    /// <summary>
    /// Asks for a fast stop and returns once no process of the folder lives; however long that takes, for it is never
    /// hastened: its shutdown checkpoint is the proof that nothing is lost. The token ends the wait.
    /// </summary>
    public async Task StopFastAsync(PostgresInstance instance, CancellationToken cancellation)
    {
        if (instance.Unit is { } unit)
        {
            await SystemctlAsync(["stop", "--", unit], cancellation);
        }

        for (var asked = false; ServerProcesses.Find(instance.Data) is { AllDead: false } found;)
        {
            asked = asked || found.AskFastStop();
            if (found.Living.Count == 0)
            {
                throw new DriverException($"{found.Hidden} processes of PostgreSQL belong to users that this process may not look at",
                    "run Kedge as the server's user or as root");
            }

            await ProcessTable.WaitForEndAsync(
                [.. found.Living.Select(p => p.Identity)], TimeSpan.FromSeconds(1), time, cancellation);
        }
    }

    /// <summary>
    /// Ends the server at once, whatever state it is in, and keeps systemd from starting it again. Returns what was
    /// done, once no process of the folder lives.
    /// </summary>
    public async Task<string> EndAsync(PostgresInstance instance, CancellationToken cancellation)
    {
        if (instance.Unit is { } unit)
        {
            // Queued, not waited for: from here on the unit's Restart= does not apply, however long its own stop takes.
            await SystemctlAsync(["stop", "--no-block", "--", unit], cancellation);
        }

        var how = await ServerProcesses.EndAsync(instance.Data, Patience, LongestDeath, time, cancellation);
        if (instance.Unit is not null)
        {
            while (await IsUnitUpAsync(instance, cancellation))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
            }
        }

        return how;
    }

    /// <summary>True where systemd has the unit running, starting or stopping; false where it does not manage the server.</summary>
    public async Task<bool> IsUnitUpAsync(PostgresInstance instance, CancellationToken cancellation)
    {
        if (instance.Unit is not { } unit)
        {
            return false;
        }

        var result = await programs.RunAsync(Systemctl(["is-active", "--", unit], TimeSpan.FromSeconds(5)), cancellation);
        return result.Output.Trim() is "active" or "activating" or "deactivating" or "reloading";
    }

    /// <summary>Makes the folder beside the data folder, for its owner alone.</summary>
    public async Task MakeSideFolderAsync(PostgresInstance instance, CancellationToken cancellation)
    {
        if (!Directory.Exists(instance.SideFolder))
        {
            await MakeFolderAsync(instance, instance.SideFolder, cancellation);
        }
    }

    /// <summary>Makes a folder that belongs to the server's user, closed to all others.</summary>
    public async Task MakeFolderAsync(PostgresInstance instance, string folder, CancellationToken cancellation)
    {
        var user = await tools.UserAsync(instance, cancellation);
        IReadOnlyList<string> owner = user is not null && Environment.IsPrivilegedProcess ? ["-o", user, "-g", await GroupAsync(user, cancellation)] : [];
        var result = await programs.RunAsync(
            new() { Arguments = ["install", "-d", "-m", "700", .. owner, "--", folder], Folder = "/", Timeout = TimeSpan.FromSeconds(10) },
            cancellation);
        if (result.ExitCode != 0)
        {
            throw new DriverException($"{folder} could not be made: {PostgresTools.LastLines(result.Output)}",
                "let the server's user write in the folder above it");
        }
    }

    /// <summary>The end of what the server printed since it was last started here, on one line.</summary>
    public string LastOutput(PostgresInstance instance) =>
        File.Exists(LogFile(instance)) ? Tail(LogFile(instance), logStarts.GetValueOrDefault(instance.Data)) : "its output is not kept here";

    private static string LogFile(PostgresInstance instance) => Path.Join(instance.SideFolder, "postgres.log");

    private async Task<string> GroupAsync(string user, CancellationToken cancellation)
    {
        var result = await programs.RunAsync(
            new() { Arguments = ["id", "-gn", "--", user], Folder = "/", Timeout = TimeSpan.FromSeconds(5) }, cancellation);
        return result.ExitCode == 0
            ? result.Output.Trim()
            : throw new DriverException($"user '{user}' has no group: {PostgresTools.LastLines(result.Output)}", "name an existing user in the option 'os-user'");
    }

    private async Task WaitUntilReadyAsync(
        PostgresInstance instance, ProcessIdentity? started, string where, CancellationToken cancellation)
    {
        while (true)
        {
            var file = PostmasterFile.Read(instance.Data);
            if (file is { IsReady: true } && (started is null || file.Pid == started.Value.Pid))
            {
                return;
            }

            var gone = started is { } process ? !ProcessTable.IsAlive(process) : ServerProcesses.Find(instance.Data).AllDead;
            if (gone)
            {
                throw new DriverException(
                    started is null ? "the server ended while it was starting" : $"the server did not start: {LastOutput(instance)}", where);
            }

            await Task.Delay(Look, time, cancellation);
        }
    }

    private async Task SystemctlAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var result = await programs.RunAsync(Systemctl(arguments, SystemctlLimit), cancellation);
        if (result.ExitCode != 0)
        {
            throw new DriverException($"systemctl {arguments[0]} {arguments[^1]} failed: {PostgresTools.LastLines(result.Output)}",
                $"look at systemctl status {arguments[^1]}");
        }
    }

    private static ProgramStart Systemctl(IReadOnlyList<string> arguments, TimeSpan timeout) =>
        new() { Arguments = ["systemctl", .. arguments], Folder = "/", Timeout = timeout };

    private static IEnumerable<string> SocketFolders(PostgresInstance instance) =>
        instance.StartOptions
            .Select(o => o.Split('=', 2))
            .Where(p => p.Length == 2 && p[0].TrimStart('-') == "unix_socket_directories")
            .SelectMany(p => p[1].Split(','))
            .Select(f => f.Trim())
            .Concat(["/var/run/postgresql", "/tmp"]);

    private static string Tail(string log, long from)
    {
        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Max(from, stream.Length - 4096);
        using var reader = new StreamReader(stream);
        return PostgresTools.LastLines(reader.ReadToEnd());
    }
}
