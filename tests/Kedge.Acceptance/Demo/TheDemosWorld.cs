using System.Net;
using System.Net.Sockets;
using Kedge.Demo.World;
using Kedge.Drivers.Programs;
using Xunit;

namespace Kedge.Acceptance.Demo;

/// <summary>The two sites, the disasters that befall them, and what is left of them afterwards.</summary>
public class TheDemosWorld
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_process_of_a_killed_site_is_dead_and_the_other_lives()
    {
        await using var world = await DemoWorlds.StartAsync(synchronous: true);
        await world.StartClientAsync(Cancellation);
        await DemoWorlds.UntilAcknowledgedAsync(world, 10);

        var east = FolderProcesses.Find(world.Layout.Site("east")).Select(p => p.Identity).ToList();
        var west = FolderProcesses.Find(world.Layout.Site("west")).Select(p => p.Identity).ToList();
        Assert.True(east.Count >= 8, $"two web services and a postmaster with its children were expected, not {east.Count}");
        var (_, hit) = await world.StrikeAsync(Disaster.Kill, "east", Cancellation);

        Assert.True(hit >= east.Count);
        // The signal is on its way when kill(2) returns; a busy machine takes a moment to end them all.
        await DemoWorlds.UntilAsync(() => !east.Any(ProcessTable.IsAlive), "the processes of the east end");
        Assert.Contains(west, ProcessTable.IsAlive);
        await DemoWorlds.UntilAsync(() => DemoWorlds.Outcomes(world).Any(o => o.Refused is not null), "orders are refused");
        var acknowledged = DemoWorlds.Outcomes(world).Where(o => o.Refused is null).Select(o => o.Order);
        Assert.Subset(await DemoWorlds.OrdersAsync(world, "west"), acknowledged.ToHashSet());
    }

    [Fact]
    public async Task A_site_that_hangs_has_open_ports_and_answers_nothing()
    {
        await using var world = await DemoWorlds.StartAsync(synchronous: false);
        await world.StrikeAsync(Disaster.Hang, "east", Cancellation);

        Assert.All(FolderProcesses.Find(world.Layout.Site("east")), p => Assert.True(p.IsStopped));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(world.Layout.WebAt("east", "catalogue"), Cancellation);
        await socket.SendAsync("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
        Assert.False(socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectRead), "it answered");
        using var database = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await database.ConnectAsync(world.Layout.DatabaseAt("east"), Cancellation);
    }

    [Fact]
    public async Task The_loss_of_a_service_spares_the_other()
    {
        await using var world = await DemoWorlds.StartAsync(synchronous: false);
        await world.StrikeAsync(Disaster.Service, "east", Cancellation);

        Assert.Empty(FolderProcesses.Find(world.Layout.Service("east", "orders")));
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://{world.Layout.WebAt("east", "catalogue")}/ready"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_world_that_was_struck()
    {
        string folder;
        IReadOnlySet<int> memory;
        List<ProcessIdentity> east;
        await using (var world = await DemoWorlds.StartAsync(synchronous: false))
        {
            folder = world.Layout.Folder;
            memory = SharedMemory.Of(folder);
            Assert.Equal(2, memory.Count);
            await world.StartClientAsync(Cancellation);
            await world.StartWatchAsync(Cancellation);
            east = [.. FolderProcesses.Find(world.Layout.Site("east")).Select(p => p.Identity)];
            await world.StrikeAsync(Disaster.Kill, "east", Cancellation);
        }

        Assert.False(Directory.Exists(folder));
        Assert.Empty(FolderProcesses.Find(folder));
        // Servers of other tests may have ended a moment ago; what nobody reaps stays.
        var ended = ProcessTable.All().Where(p => p.Parent == Environment.ProcessId && p.IsDead && p.Name == "postgres").Select(p => p.Identity).ToList();
        await DemoWorlds.UntilAsync(() => ended.TrueForAll(e => ProcessStat.Read(e.Pid)?.Identity != e), "servers that ended are reaped");
        var segments = File.ReadLines("/proc/sysvipc/shm").Skip(1)
            .Select(l => int.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.Empty(segments.Intersect(memory));
        // The sockets of a killed .NET program are named after its process.
        Assert.DoesNotContain(
            Directory.EnumerateFiles("/tmp", "*-diagnostic-*").Concat(Directory.EnumerateFiles("/tmp", "clr-debug-pipe-*")),
            file => east.Any(p => file.Contains($"-{p.Pid}-{p.Started}-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nothing_is_left_of_a_world_whose_demo_was_killed()
    {
        var programs = new ProgramRunner(TimeProvider.System);
        var output = Path.GetTempFileName();
        try
        {
            var pid = await programs.StartDetachedAsync(
                new() { Arguments = [DemoWorlds.Program, "demo-world", "--sync", "no", "--rate", "50"], Timeout = TimeSpan.FromMinutes(1) },
                output, Cancellation);
            await DemoWorlds.UntilAsync(() => File.ReadAllText(output).EndsWith('\n'), "the world is there");
            var folder = File.ReadAllText(output).Trim();
            Assert.True(Directory.Exists(folder), folder);
            Assert.NotEmpty(FolderProcesses.Find(folder));

            ProcessTable.Signal(ProcessStat.Read(pid)!.Identity, 9);

            await DemoWorlds.UntilAsync(() => !Directory.Exists(folder), $"{folder} is removed");
            Assert.Empty(FolderProcesses.Find(folder));
        }
        finally
        {
            File.Delete(output);
        }
    }

    [Fact]
    public async Task Secrets_are_in_files_that_their_owner_alone_may_read_and_in_no_argument()
    {
        await using var world = await DemoWorlds.StartAsync(synchronous: false);
        await world.StartClientAsync(Cancellation);
        var files = Directory.GetFiles(world.Layout.Secrets);
        Assert.Equal(4, files.Length);
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        var arguments = FolderProcesses.Find(world.Layout.Folder).Select(p => File.ReadAllText($"/proc/{p.Pid}/cmdline")).ToList();
        Assert.All(files, f => Assert.DoesNotContain(arguments, a => a.Contains(File.ReadAllText(f).Trim(), StringComparison.Ordinal)));
        var plan = await File.ReadAllTextAsync(world.Layout.Plan, Cancellation);
        Assert.All(files, f => Assert.DoesNotContain(File.ReadAllText(f).Trim(), plan, StringComparison.Ordinal));
    }
}
