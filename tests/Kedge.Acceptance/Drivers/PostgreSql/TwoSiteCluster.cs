using System.Net;
using System.Net.Sockets;
using Kedge.Drivers;
using Kedge.Drivers.PostgreSql;
using Kedge.Drivers.PostgreSql.Server;
using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Npgsql;
using Xunit;

namespace Kedge.Acceptance.Drivers.PostgreSql;

/// <summary>
/// A real primary at site east and its streaming standby at site west, on loopback, with Kedge's role and its least
/// privileges set up. Made anew for each test (a second or two), from a template that is made once for each run.
/// Disposing it kills what is left and removes its folder.
/// </summary>
internal sealed class TwoSiteCluster : IAsyncDisposable
{
    public static readonly SiteName East = new("east");
    public static readonly SiteName West = new("west");

    private static readonly SiteName[] Sites = [East, West];

    private readonly Dictionary<SiteName, int> ports = [];
    private readonly Dictionary<string, object> common;
    private readonly ProgramRunner runner = new(TimeProvider.System);

    private TwoSiteCluster(string folder, Dictionary<string, object> common)
    {
        Folder = folder;
        this.common = common;
        Driver = new(new(TimeProvider.System, new SecretReader(), runner));
    }

    public string Folder { get; }

    public PostgresDriver Driver { get; }

    public Component Component { get; private set; } = null!;

    /// <summary>Starts both. The options are laid over the component's.</summary>
    public static async Task<TwoSiteCluster> StartAsync(Dictionary<string, object>? options = null)
    {
        Assert.SkipUnless(File.Exists(Path.Join(ServerUser.Bin, "postgres")), "PostgreSQL 15 is not installed");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the servers run as user postgres, which takes root to become");
        var folder = FastFolder.Create("pg").FullName;
        var cluster = new TwoSiteCluster(folder, options ?? []);
        try
        {
            await cluster.BuildAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public InstanceContext At(SiteName site) => new(Component, Component.At(site)!);

    public string Data(SiteName site) => Path.Join(Folder, site.Value);

    /// <summary>A step as the engine would describe it: a service that goes from east to west, unless told otherwise.</summary>
    public StepContext Step(SiteName at, RunKind kind, long epoch, Watermark? lastKnown = null, SiteName? from = null) => new()
    {
        Instance = At(at),
        Options = At(at).Options,
        Kind = kind,
        Run = $"run-{epoch}",
        From = from ?? East,
        To = (from ?? East) == East ? West : East,
        Epoch = epoch,
        LossAccepted = false,
        Rpo = TimeSpan.FromMinutes(5),
        LastKnown = lastKnown,
        Outage = null,
    };

    /// <summary>
    /// A step from its judgement to its verification, as the engine does it. Returns what the act reported, empty where
    /// nothing was left to do, and the evidence.
    /// </summary>
    public async Task<string> DoAsync(string action, StepContext step)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var acts = Driver.Actions[action];
        var judgement = await acts.JudgeAsync(step, limit.Token);
        var report = "";
        if (judgement.Kind == JudgementKind.NotYet)
        {
            report = await acts.ActAsync(step, limit.Token) + " | ";
            while ((judgement = await acts.VerifyAsync(step, limit.Token)).Kind == JudgementKind.NotYet)
            {
                await Task.Delay(3, limit.Token);
            }
        }

        return judgement.Kind == JudgementKind.Done
            ? report + judgement.What
            : throw new DriverException(judgement.What, judgement.Hint);
    }

    public Task<Judgement> JudgeAsync(string action, StepContext step) =>
        Driver.Actions[action].JudgeAsync(step, CancellationToken.None);

    /// <summary>The primary at east is lost at once and west takes over, under epoch 2.</summary>
    public async Task FailOverAsync()
    {
        var last = await MarkAsync(1);
        await CatchUpAsync(East, West);
        Kill(East);
        await DoAsync("fence", Step(East, RunKind.Failover, 2));
        await DoAsync("promote", Step(West, RunKind.Failover, 2, last));
    }

    /// <summary>The component with other options at a site, as if the plan said so.</summary>
    public void Change(SiteName site, string option, object value)
    {
        var old = Component.At(site)!;
        var values = PostgresContract.Contract.Options
            .Where(o => old.Options.Has(o.Name) && o.Name != option)
            .ToDictionary(o => o.Name, o => Value(old.Options, o));
        values[option] = value;
        Component = Component with
        {
            Instances = [.. Component.Instances.Select(i => i.Id.Site == site ? new Instance(i.Id, new(values)) : i)],
        };
    }

    /// <summary>Writes a marker at the active site and returns what is known of it then.</summary>
    public Task<Watermark> MarkAsync(long sequence, SiteName? at = null, long epoch = 1) =>
        Driver.MarkAsync(At(at ?? East), new(Component.Id, epoch, sequence, DateTimeOffset.UtcNow), CancellationToken.None);

    /// <summary>SIGKILL to all processes of a site at once, as if it had lost power; returns when they are dead.</summary>
    public void Kill(SiteName site)
    {
        while (IsRunning(site))
        {
            Signal(site, 9);
        }
    }

    /// <summary>SIGKILL to the postmaster alone.</summary>
    public void KillPostmaster(SiteName site) =>
        ProcessTable.Signal(ServerProcesses.Find(Data(site)).Postmaster!.Identity, 9);

    /// <summary>SIGSTOP to all processes of a site: ports stay open, nothing answers.</summary>
    public void Freeze(SiteName site) => Signal(site, 19);

    /// <summary>SIGCONT after <see cref="Freeze"/>.</summary>
    public void Thaw(SiteName site) => Signal(site, 18);

    public bool IsRunning(SiteName site) => Processes(site).Count > 0;

    public NpgsqlConnection Connection(SiteName site, string user = "postgres") => Connection(site, ports[site], user);

    public static NpgsqlConnection Connection(SiteName site, int port, string user) => new(new NpgsqlConnectionStringBuilder
    {
        Host = Host(site),
        Port = port,
        Username = user,
        Database = "postgres",
        Pooling = false,
        Timeout = 2,
        CommandTimeout = 5,
        CancellationTimeout = -1,
    }.ConnectionString);

    /// <summary>Runs SQL as the superuser and returns the first value.</summary>
    public async Task<T> AskAsync<T>(SiteName site, string sql)
    {
        await using var connection = Connection(site);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(SiteName site, string sql)
    {
        await using var connection = Connection(site);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Cuts the standby at west off from its primary: from here on it receives nothing.</summary>
    public async Task CutOffAsync()
    {
        await ExecuteAsync(West, "alter system set primary_conninfo = 'host=127.0.0.12 port=1'");
        await ExecuteAsync(West, "select pg_reload_conf()");
        await UntilAsync(
            async () => await AskAsync<long>(East, "select count(*) from pg_stat_replication") == 0, "the standby is not cut off");
    }

    /// <summary>Until the standby has replayed all that the primary has written.</summary>
    public async Task CatchUpAsync(SiteName primary, SiteName standby)
    {
        var position = await AskAsync<string>(primary, "select pg_current_wal_insert_lsn()::text");
        await UntilAsync(
            async () => await AskAsync<bool>(standby, $"select pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"),
            $"{standby} did not catch up with {primary}");
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string otherwise)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), otherwise);
            await Task.Delay(10);
        }
    }

    /// <summary>Takes away the lock of a dead server, as somebody would to whom its start was refused because of a zombie.</summary>
    public void RemoveLock(SiteName site) => File.Delete(Path.Join(Data(site), "postmaster.pid"));

    /// <summary>Starts a site's server with PostgreSQL's own means, as a person would.</summary>
    public async Task StartServerAsync(SiteName site) => await RunAsync(
        Path.Join(ServerUser.Bin, "pg_ctl"), "-w", "-D", Data(site), "-l", Path.Join(Folder, $"{site}.log"), "-o", string.Join(' ', StartOptions(site)), "start");

    /// <summary>Runs a program as the server's user.</summary>
    public Task<string> RunAsync(params string[] arguments) => ServerUser.RunAsync(Logs, arguments);

    public async ValueTask DisposeAsync()
    {
        await Driver.DisposeAsync();
        await EndAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public static string Host(SiteName site) => site == East ? "127.0.0.11" : "127.0.0.12";

    public string[] StartOptions(SiteName site) => StartOptions(site, ports[site]);

    public static string[] StartOptions(SiteName site, int port) =>
        ["-c", $"port={port}", "-c", $"listen_addresses={Host(site)}", "-c", "unix_socket_directories="];

    /// <summary>Both sites as they were at first: whatever ran is killed, whatever was kept aside is gone.</summary>
    public async Task ResetAsync()
    {
        await EndAsync();
        foreach (var folder in Directory.EnumerateDirectories(Folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await BuildAsync();
    }

    private async Task BuildAsync()
    {
        var template = await ClusterTemplate.FolderAsync();
        await ServerUser.OwnAsync(Folder);
        await Task.WhenAll(Sites.Select(site => RunAsync("cp", "-a", Path.Join(template, site.Value), Data(site))));
        foreach (var site in Sites)
        {
            ports.TryAdd(site, FreePort(Host(site)));
        }

        Component = Describe();
        await File.AppendAllTextAsync(
            Path.Join(Data(West), "postgresql.auto.conf"),
            $"primary_conninfo = 'host={Host(East)} port={ports[East]} user=kedge application_name=kedge_west'\nprimary_slot_name = 'kedge_west'\n");
        var sync = common.TryGetValue("replication-mode", out var mode) && (string)mode == "sync";
        if (sync)
        {
            await File.AppendAllTextAsync(Path.Join(Data(East), "postgresql.auto.conf"), "synchronous_standby_names = 'kedge_west'\n");
        }

        await Task.WhenAll(Sites.Select(StartServerAsync));
        await UntilAsync(
            async () => await AskAsync<long>(East, $"select count(*) from pg_stat_replication where state = 'streaming' and sync_state = '{(sync ? "sync" : "async")}'") == 1,
            "the standby does not stream");
    }

    /// <summary>Ends whatever runs, in a way that leaves no shared memory behind where that can be had.</summary>
    private async Task EndAsync()
    {
        foreach (var site in Sites)
        {
            var segment = SharedMemory(site);
            Thaw(site);
            try
            {
                await ServerProcesses.EndAsync(Data(site), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None);
            }
            finally
            {
                if (segment is not null)
                {
                    // It fails where the server has removed its own.
                    await runner.RunAsync(new() { Arguments = ["ipcrm", "-m", segment], Timeout = TimeSpan.FromSeconds(10) }, CancellationToken.None);
                }
            }
        }
    }

    private string? SharedMemory(SiteName site)
    {
        var file = Path.Join(Data(site), "postmaster.pid");
        return File.Exists(file)
            ? File.ReadLines(file).ElementAtOrDefault(6)?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1)
            : null;
    }

    private Component Describe()
    {
        var id = new ComponentId(new("orders"), "database");
        return new()
        {
            Id = id,
            Title = "Orders database",
            Driver = "postgres",
            Needs = [],
            Redundancy = 1,
            Instances = [.. ports.Keys.Select(site => new Instance(new(id, site), Options(site)))],
        };
    }

    private OptionValues Options(SiteName site) => TestOptions.Of(PostgresContract.Contract.Options, new(common)
    {
        ["host"] = Host(site),
        ["port"] = (long)ports[site],
        ["data"] = Data(site),
        ["start-options"] = (IReadOnlyList<string>)StartOptions(site),
    });

    private static object Value(OptionValues values, OptionSpec spec) => spec.Type switch
    {
        OptionType.Integer => (long)values.Integer(spec.Name),
        OptionType.Flag => values.Flag(spec.Name),
        OptionType.Duration => values.Duration(spec.Name),
        OptionType.ByteSize => new ByteCount(values.ByteSize(spec.Name)),
        OptionType.List => values.List(spec.Name),
        OptionType.Secret => values.Secret(spec.Name),
        _ => values.Text(spec.Name),
    };

    private void Signal(SiteName site, int signal)
    {
        foreach (var process in Processes(site))
        {
            ProcessTable.Signal(process.Identity, signal);
        }
    }

    /// <summary>The end of what each server printed, for a failure's text.</summary>
    private string Logs() => string.Join('\n', Directory.EnumerateFiles(Folder, "*.log").SelectMany(f => File.ReadLines(f).TakeLast(10)));

    private IReadOnlyList<ProcessStat> Processes(SiteName site) => ProcessTable.InFolder(Data(site));

    public static int FreePort(string host)
    {
        using var listener = new TcpListener(IPAddress.Parse(host), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
