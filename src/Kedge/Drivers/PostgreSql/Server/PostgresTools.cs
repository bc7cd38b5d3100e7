using System.Collections.Concurrent;
using Kedge.Drivers.Programs;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>PostgreSQL's own programs, run as the server's user.</summary>
internal sealed class PostgresTools(IProgramRunner programs)
{
    private static readonly Dictionary<string, string> CleanLocale = new() { ["LC_ALL"] = "C", ["TZ"] = "UTC" };

    private readonly ConcurrentDictionary<string, string> owners = new();

    /// <summary>The folder of the programs that fit the data folder; throws <see cref="DriverException"/> where none is found.</summary>
    public static string Folder(PostgresInstance instance)
    {
        if (instance.Bin is { } given)
        {
            return File.Exists(Path.Join(given, "pg_controldata"))
                ? given
                : throw new DriverException($"there is no pg_controldata in {given}", "name the folder of PostgreSQL's programs in the option 'bin'");
        }

        var version = PostgresDataFolder.Describe(instance.Data)?.Version;
        return Candidates(version).FirstOrDefault(f => File.Exists(Path.Join(f, "pg_controldata")))
            ?? throw new DriverException(
                version is null ? "PostgreSQL's programs were not found" : $"the programs of PostgreSQL {version} were not found",
                "install postgresql, or name their folder in the option 'bin'");
    }

    public static string Program(PostgresInstance instance, string name) => Path.Join(Folder(instance), name);

    /// <summary>Runs one to its end. A non-zero exit is a result.</summary>
    public async Task<ProgramResult> RunAsync(
        PostgresInstance instance, string program, IReadOnlyList<string> arguments, TimeSpan timeout,
        string? password, CancellationToken cancellation)
    {
        var environment = password is null
            ? CleanLocale
            : new Dictionary<string, string>(CleanLocale) { ["PGPASSWORD"] = password };
        return await programs.RunAsync(
            new()
            {
                Arguments = [Program(instance, program), .. arguments],
                User = await UserAsync(instance, cancellation),
                Folder = "/",
                Environment = environment,
                Timeout = timeout,
            },
            cancellation);
    }

    /// <summary>Runs one to its end; throws <see cref="DriverException"/> with its last line where it fails.</summary>
    public async Task<string> DemandAsync(
        PostgresInstance instance, string program, IReadOnlyList<string> arguments, TimeSpan timeout,
        string? password, CancellationToken cancellation)
    {
        var result = await RunAsync(instance, program, arguments, timeout, password, cancellation);
        return result.ExitCode == 0
            ? result.Output
            : throw new DriverException($"{program} failed ({result.ExitCode}): {LastLines(result.Output)}", "mend what it says, and retry");
    }

    /// <summary>What the control file of a stopped (or running) server says.</summary>
    public async Task<ControlFile> ReadControlFileAsync(PostgresInstance instance, CancellationToken cancellation) =>
        ControlFile.Parse(await DemandAsync(
            instance, "pg_controldata", ["-D", instance.Data], TimeSpan.FromSeconds(5), null, cancellation));

    /// <summary>Makes an empty file that belongs to the server's user, closed to all others.</summary>
    public async Task MakeFileAsync(PostgresInstance instance, string file, CancellationToken cancellation)
    {
        var result = await programs.RunAsync(
            new()
            {
                Arguments = ["install", "-m", "600", "-T", "--", "/dev/null", file],
                User = await UserAsync(instance, cancellation),
                Folder = "/",
                Timeout = TimeSpan.FromSeconds(10),
            },
            cancellation);
        if (result.ExitCode != 0)
        {
            throw new DriverException($"{file} could not be made: {LastLines(result.Output)}", "let the server's user write in its data folder");
        }
    }

    /// <summary>Copies files into a folder, with owner, mode and time, and syncs the copies.</summary>
    public async Task CopyAsync(IReadOnlyList<string> files, string folder, CancellationToken cancellation)
    {
        foreach (var some in files.Chunk(100))
        {
            var result = await programs.RunAsync(
                new() { Arguments = ["cp", "-p", "-t", folder, "--", .. some], Folder = "/", Timeout = TimeSpan.FromMinutes(30) }, cancellation);
            if (result.ExitCode != 0)
            {
                throw new DriverException($"files could not be copied to {folder}: {LastLines(result.Output)}", "make room, or mend what it says, and retry");
            }

            foreach (var file in some)
            {
                using var copy = new FileStream(Path.Join(folder, Path.GetFileName(file)), FileMode.Open, FileAccess.ReadWrite);
                copy.Flush(flushToDisk: true);
            }
        }
    }

    /// <summary>The user that the server runs as: the option, else the owner of the data folder, else whoever this is.</summary>
    public async Task<string?> UserAsync(PostgresInstance instance, CancellationToken cancellation)
    {
        if (instance.OsUser is not null || !Directory.Exists(instance.Data))
        {
            return instance.OsUser ?? (Environment.IsPrivilegedProcess ? "postgres" : null);
        }

        if (!owners.TryGetValue(instance.Data, out var owner))
        {
            var stat = await programs.RunAsync(
                new() { Arguments = ["stat", "--format=%U", "--", instance.Data], Folder = "/", Timeout = TimeSpan.FromSeconds(5) },
                cancellation);
            owner = stat.ExitCode == 0
                ? stat.Output.Trim()
                : throw new DriverException($"the owner of {instance.Data} could not be read: {LastLines(stat.Output)}", "name the server's user in the option 'os-user'");
            owners[instance.Data] = owner;
        }

        return owner;
    }

    /// <summary>The end of a program's output on one line, for an error's text.</summary>
    public static string LastLines(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "it said nothing" : string.Join("; ", lines.TakeLast(3));
    }

    private static IEnumerable<string> Candidates(string? version)
    {
        if (version is not null)
        {
            yield return $"/usr/lib/postgresql/{version}/bin";
            yield return $"/usr/pgsql-{version}/bin";
        }
        else if (Directory.Exists("/usr/lib/postgresql"))
        {
            foreach (var folder in Directory.EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(f => int.TryParse(Path.GetFileName(f), out var number) ? number : 0))
            {
                yield return Path.Join(folder, "bin");
            }
        }

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }
    }
}
