using System.Net;
using Kedge.Acceptance.Demo;
using Kedge.Demo.Client;
using Kedge.Demo.World;
using Kedge.Drivers.Programs;
using Npgsql;
using Xunit;

namespace Kedge.Acceptance.Recovery.Crashes;

/// <summary>
/// The demo's world, to be struck again and again: it is made once, its servers are stopped in order and their folders
/// copied; from then on a copy of the copy is started, which takes a second. It is kept in memory where there is such a
/// place: what is killed here are processes, never the disk.
/// </summary>
internal sealed class PreparedWorld : IAsyncDisposable
{
    private const string Services = "orders catalogue";
    private const int FirstOrder = 1;

    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly DemoWorld world;
    private readonly ProgramRunner programs = new(Time);
    private readonly Launcher launcher = new(Time);

    private PreparedWorld(DemoWorld world) => this.world = world;

    public WorldLayout Layout => world.Layout;

    public IReadOnlyList<int> Ports => [Layout.WebPort, Layout.CataloguePort, Layout.DatabasePort, Layout.NamePort];

    /// <summary>Within the world's folder, which goes when the world does.</summary>
    private string Template => Path.Join(Layout.Folder, "template");

    public static async Task<PreparedWorld> MakeAsync(CancellationToken cancellation)
    {
        var memory = FastFolder.Place;
        var prepared = new PreparedWorld(
            await DemoWorld.StartAsync(new(DemoWorlds.Program, Synchronous: false, Rate: 50, memory), Time, static _ => { }, cancellation));
        try
        {
            await prepared.StopInOrderAsync(cancellation);
            Directory.CreateDirectory(prepared.Template);
            await prepared.CopyAsync([.. WorldLayout.Sites.Select(prepared.Layout.Site)], prepared.Template, cancellation);
            return prepared;
        }
        catch
        {
            await prepared.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills what is left of the last time and starts all anew: the east serves, the west follows, Kedge knows nothing.</summary>
    public async Task RestoreAsync(CancellationToken cancellation)
    {
        var memory = SharedMemory.Of(Layout.Folder);
        await FolderProcesses.KillAsync(Layout.Folder, Time, cancellation);
        SharedMemory.Remove(memory);
        foreach (var folder in WorldLayout.Sites.Select(Layout.Site).Append(Layout.Names).Append(Layout.State).Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        await CopyAsync([.. WorldLayout.Sites.Select(s => Path.Join(Template, s))], Layout.Folder, cancellation);
        await Task.WhenAll(
            world.StartWebAsync("east", "orders", cancellation),
            world.StartWebAsync("east", "catalogue", cancellation),
            world.Databases.StartServerAsync("east", cancellation),
            world.Databases.StartServerAsync("west", cancellation),
            new NameServer(Layout, launcher, Time).StartAsync(cancellation));
        await DemoWorlds.UntilAsync(() => FollowsAsync(cancellation), "the standby follows");
        foreach (var service in Services.Split(' '))
        {
            await DemoWorlds.UntilAsync(async () => await AskAsync("east", service, cancellation) == HttpStatusCode.OK, $"{service} serves in the east");
        }
    }

    /// <summary>Kills all of the east at once.</summary>
    public Task StrikeAsync(CancellationToken cancellation) => world.StrikeAsync(Disaster.Kill, "east", cancellation);

    /// <summary>In the east; returns once it is acknowledged.</summary>
    public async Task PlaceFirstOrderAsync(CancellationToken cancellation) =>
        Assert.Equal(HttpStatusCode.Created, await OrderAsync(WorldLayout.AddressOf("east"), FirstOrder, cancellation));

    /// <summary>Everything that is wrong with the world after the move; nothing where it is as it must be.</summary>
    /// <param name="withFirstOrder">True where the first order must be there.</param>
    public async Task<List<string>> FindWrongAsync(bool withFirstOrder, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        using var names = new StubResolver(WorldLayout.OrdersHost, Layout.NameServer, Time);
        if (await names.FindAsync(cancellation) is not { } address || !address.Equals(WorldLayout.AddressOf("west")))
        {
            wrong.Add($"{WorldLayout.OrdersHost} does not lead to the west");
        }
        else if (await OrderAsync(address, FirstOrder + 1, cancellation) is not HttpStatusCode.Created and var answer)
        {
            wrong.Add($"an order that was placed through the name was answered {answer}");
        }

        if (await AskAsync("west", "catalogue", cancellation) is not HttpStatusCode.OK and var pages)
        {
            wrong.Add($"the catalogue in the west answered {pages}");
        }

        var writable = new List<string>();
        foreach (var site in WorldLayout.Sites)
        {
            writable.AddRange(await IsWritableAsync(site, cancellation) ? [site] : []);
        }

        if (writable is not ["west"])
        {
            wrong.Add($"writable: {(writable.Count == 0 ? "none" : string.Join(" and ", writable))}");
        }
        else if (await TimelineAsync(cancellation) is not 2 and var timeline)
        {
            wrong.Add($"the west was promoted {timeline - 1} times");
        }
        else if (withFirstOrder && !(await DemoWorlds.OrdersAsync(world, "west")).Contains(FirstOrder))
        {
            wrong.Add("the order that was acknowledged in the east is lost");
        }

        foreach (var service in Services.Split(' '))
        {
            if (FolderProcesses.Find(Layout.WebFolder("west", service)) is not [_] and var found)
            {
                wrong.Add($"{found.Count} processes of {service} run in the west");
            }
        }

        return wrong;
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();

    private async Task StopInOrderAsync(CancellationToken cancellation)
    {
        foreach (var service in Services.Split(' '))
        {
            await FolderProcesses.KillAsync(Layout.WebFolder("east", service), Time, cancellation);
        }

        await FolderProcesses.KillAsync(Layout.Names, Time, cancellation);
        foreach (var site in WorldLayout.Sites)
        {
            var file = Path.Join(Layout.Data(site), "postmaster.pid");
            const int FastStop = 2;
            ProcessTable.Signal(ProcessStat.Read(int.Parse(File.ReadLines(file).First()))!.Identity, FastStop);
            await DemoWorlds.UntilAsync(() => !File.Exists(file), $"the server in the {site} stops");
        }
    }

    private async Task CopyAsync(IReadOnlyList<string> folders, string to, CancellationToken cancellation)
    {
        var copied = await programs.RunAsync(
            new() { Arguments = ["cp", "--archive", "--reflink=auto", .. folders, to], Timeout = TimeSpan.FromMinutes(1) }, cancellation);
        Assert.True(copied.ExitCode == 0, copied.Output);
    }

    private async Task<bool> FollowsAsync(CancellationToken cancellation) =>
        await AskDatabaseAsync("east", "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", cancellation) is 1L
        && await AskDatabaseAsync("west", "SELECT pg_is_in_recovery()", cancellation) is true;

    private async Task<int> TimelineAsync(CancellationToken cancellation) => Convert.ToInt32(
        (string)(await AskDatabaseAsync("west", "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)", cancellation))!, 16);

    /// <summary>Null where nobody answers.</summary>
    private async Task<object?> AskDatabaseAsync(string site, string question, CancellationToken cancellation)
    {
        await using var server = world.Databases.Connect(site, "postgres", "postgres", Layout.Secret("postgres-admin"));
        await using var command = server.CreateCommand(question);
        try
        {
            return await command.ExecuteScalarAsync(cancellation);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private async Task<bool> IsWritableAsync(string site, CancellationToken cancellation)
    {
        await using var server = world.Databases.Connect(site, WorldLayout.Database, WorldLayout.Customer, Layout.Secret("shop"));
        await using var command = server.CreateCommand("INSERT INTO writable_watch (site) VALUES ('the test')");
        try
        {
            await command.ExecuteNonQueryAsync(cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<HttpStatusCode?> OrderAsync(IPAddress address, int order, CancellationToken cancellation)
    {
        using var http = Client();
        using var answer = await http.PostAsync(new Uri($"http://{address}:{Layout.WebPort}/orders/{order}"), null, cancellation);
        return answer.StatusCode;
    }

    /// <summary>Null where nobody answers.</summary>
    private async Task<HttpStatusCode?> AskAsync(string site, string service, CancellationToken cancellation)
    {
        using var http = Client();
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{Layout.WebAt(site, service)}/ready"), cancellation);
            return answer.StatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException || (silent is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private static HttpClient Client() => new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
}
