using System.Net;

namespace Kedge.Demo.World;

/// <summary>What a world is made with.</summary>
/// <param name="Program">Path of the program whose hidden verbs are the parts.</param>
/// <param name="Synchronous">True where a commit waits for the standby.</param>
/// <param name="Rate">Orders a second.</param>
/// <param name="Within">Folder that is to hold the world's own; null for the place of temporary files.</param>
internal sealed record WorldOptions(string Program, bool Synchronous, int Rate, string? Within = null);

/// <summary>
/// Two sites on loopback, in real processes of their own: a database and its standby, a web service for each line of
/// business, a DNS server that stands at neither, and a client. Disposing it leaves nothing behind, and so does the
/// sudden death of the process that made it.
/// </summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    private readonly WorldOptions options;
    private readonly TimeProvider time;
    private readonly OrphanReaper reaper;
    private readonly Broom broom;
    private readonly Launcher launcher;
    private readonly HashSet<int> memory = [];
    private bool kept;

    private DemoWorld(WorldLayout layout, WorldOptions options, OrphanReaper reaper, Broom broom, TimeProvider time)
    {
        Layout = layout;
        this.options = options;
        this.reaper = reaper;
        this.broom = broom;
        this.time = time;
        launcher = new(time);
        Databases = new(layout, options.Synchronous, launcher, time);
    }

    public WorldLayout Layout { get; }

    public DatabasePair Databases { get; }

    /// <summary>Returns once all of it serves: orders can be placed in the east, the west follows.</summary>
    /// <param name="say">What is being done, for people.</param>
    public static async Task<DemoWorld> StartAsync(
        WorldOptions options, TimeProvider time, Action<string> say, CancellationToken cancellation)
    {
        DatabasePair.EnsureInstalled();
        NameServer.EnsureInstalled();
        var folder = WorldFolder.Create(options.Within);
        var addresses = WorldLayout.Sites.Select(WorldLayout.AddressOf).Append(IPAddress.Parse("127.0.0.10")).ToList();
        var ports = FreePorts.Find(4, addresses);
        var layout = new WorldLayout(folder, ports[0], ports[1], ports[2], ports[3]);
        var reaper = new OrphanReaper(time);
        var broom = Broom.Start(options.Program, folder);
        var world = new DemoWorld(layout, options, reaper, broom, time);
        try
        {
            world.WriteFiles();
            say("a DNS server, a PostgreSQL primary in the east and its standby in the west");
            await Task.WhenAll(
                world.Databases.StartAsync(cancellation), new NameServer(layout, world.launcher, time).StartAsync(cancellation));
            say("the order desk and the catalogue in the east; in the west both are dormant");
            await world.StartWebAsync("east", "orders", cancellation);
            await world.StartWebAsync("east", "catalogue", cancellation);
            await world.WaitUntilServingAsync(cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>The client begins to order, and goes on until the world ends.</summary>
    public Task StartClientAsync(CancellationToken cancellation) => StartPartAsync("client",
        [
            "demo-client", "--host", WorldLayout.OrdersHost, "--port", $"{Layout.WebPort}", "--name-server", $"{Layout.NameServer}",
            "--rate", $"{options.Rate}", "--ledger", Layout.Ledger,
        ], cancellation);

    /// <summary>Kedge itself begins to watch.</summary>
    public Task StartNodeAsync(CancellationToken cancellation) => StartPartAsync("node",
        ["node", "--plan", Layout.Plan, "--state", Layout.State, "--name", "demo-node"], cancellation);

    /// <summary>From now on every moment at which an instance of the database can be written is kept as evidence.</summary>
    public Task StartWatchAsync(CancellationToken cancellation) => StartPartAsync("watch",
        [
            "demo-watch", "--instance", $"east={Layout.DatabaseAt("east")}", "--instance", $"west={Layout.DatabaseAt("west")}",
            "--name", WorldLayout.Database, "--user", WorldLayout.Customer, "--password-file", Layout.Secret("shop"),
            "--evidence", Layout.Evidence,
        ], cancellation);

    /// <summary>Starts a web service as the plan's driver does: by the variable it is known as that instance.</summary>
    public Task StartWebAsync(string site, string service, CancellationToken cancellation) => launcher.StartAsync(
        Layout.WebProgram(options.Program, site, service), Layout.WebLog(site, service), null, Layout.WebFolder(site, service),
        new Dictionary<string, string> { ["KEDGE_PID_FILE"] = Layout.PidFile(site, service) }, cancellation);

    /// <summary>Strikes; returns when, by the clock just before it began, and how many processes it hit.</summary>
    public async Task<(DateTimeOffset At, int Processes)> StrikeAsync(
        Disaster disaster, string site, CancellationToken cancellation)
    {
        memory.UnionWith(SharedMemory.Of(Layout.Folder));
        var at = time.GetUtcNow();
        return (at, disaster switch
        {
            Disaster.Kill => await FolderProcesses.KillAsync(Layout.Site(site), time, cancellation),
            Disaster.Hang => await FolderProcesses.StopAsync(Layout.Site(site), time, cancellation),
            _ => await FolderProcesses.KillAsync(Layout.Service(site, "orders"), time, cancellation),
        });
    }

    /// <summary>Lets it run on after this process has ended; see <see cref="WorldFolder.FindLeft"/>.</summary>
    public void Keep()
    {
        kept = true;
        WorldFolder.Leave(Layout.Folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (!kept)
        {
            await WorldFolder.RemoveAsync(Layout.Folder, memory, time, CancellationToken.None);
        }

        await broom.DismissAsync();
        if (!kept)
        {
            await reaper.FinishAsync(CancellationToken.None);
        }

        reaper.Dispose();
    }

    private Task StartPartAsync(string name, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var folder = Path.Join(Layout.Folder, name);
        Directory.CreateDirectory(folder);
        return launcher.StartAsync([options.Program, .. arguments], Path.Join(folder, $"{name}.log"), null, folder, new Dictionary<string, string>(), cancellation);
    }

    private void WriteFiles()
    {
        Directory.CreateDirectory(Layout.Secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var secret in (string[])["postgres-admin", "shop", "kedge", "dns-key"])
        {
            SecretFiles.Write(Layout.Secret(secret), SecretFiles.Invent());
        }

        foreach (var site in WorldLayout.Sites)
        {
            foreach (var service in WorldLayout.Services)
            {
                Directory.CreateDirectory(Layout.WebFolder(site, service));
            }

            SecretFiles.Write(Path.Join(Layout.WebFolder(site, "orders"), "password"), SecretFiles.Read(Layout.Secret("shop")));
            File.WriteAllText(
                Path.Join(Layout.WebFolder(site, "catalogue"), "books.txt"),
                "1 The Mill on the Floss\n2 Moby-Dick\n3 Middlemarch\n4 Typhoon\n");
        }

        File.WriteAllText(Layout.Plan, DemoPlanFile.Text(Layout, options.Program, options.Synchronous, Environment.UserName));
    }

    private async Task WaitUntilServingAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        var began = time.GetTimestamp();
        foreach (var service in WorldLayout.Services)
        {
            var where = new Uri($"http://{Layout.WebAt("east", service)}/ready");
            while (!await AnswersAsync(http, where, cancellation))
            {
                if (time.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                {
                    throw new DemoException(
                        $"the {service} service does not answer at {where}: {(await File.ReadAllTextAsync(Layout.WebLog("east", service), cancellation)).Trim()}",
                        null);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
            }
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri where, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(where, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException || (notYet is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}

/// <summary>What befalls a site.</summary>
internal enum Disaster
{
    /// <summary>All of its processes are killed at once.</summary>
    Kill,

    /// <summary>All of its processes are stopped: ports stay open, nothing answers.</summary>
    Hang,

    /// <summary>The processes of one line of business are killed: ordering.</summary>
    Service,
}
