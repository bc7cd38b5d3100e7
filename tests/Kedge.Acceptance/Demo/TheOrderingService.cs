using System.Diagnostics;
using System.Net;
using Kedge.Demo.Evidence;
using Kedge.Demo.World;
using Xunit;

namespace Kedge.Acceptance.Demo;

/// <summary>The ordering service and its client on a real database that moves.</summary>
public class TheOrderingService
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_placed_twice_is_there_once()
    {
        await using var world = await DemoWorlds.StartAsync(synchronous: true);
        using var http = Client(world);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await http.PostAsync("/orders/17", null, Cancellation);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }

        Assert.Equal("1", (await http.GetStringAsync("/orders/count", Cancellation)).Trim());
        using var nonsense = await http.PostAsync("/orders/seventeen", null, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
    }

    [Fact]
    public async Task It_says_that_it_is_not_ready_when_no_site_has_a_writable_database()
    {
        await using var world = await DemoWorlds.StartAsync(synchronous: false);
        await world.StrikeAsync(Disaster.Service, "east", Cancellation);
        await world.StartWebAsync("west", "orders", Cancellation);
        using var http = Client(world, "west");
        await DemoWorlds.UntilAsync(() => AnswersAsync(http), "the dormant service listens");

        using var ready = await http.GetAsync("/ready", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("no writable database", await ready.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        await DemoWorlds.PromoteWestAsync(world);
        using var order = await http.PostAsync("/orders/1", null, Cancellation);
        Assert.Equal(HttpStatusCode.Created, order.StatusCode);
    }

    [Fact]
    public async Task A_planned_move_of_the_database_loses_no_order_and_is_never_two_writable()
    {
        await using var world = await DemoWorlds.StartAsync(synchronous: false);
        await world.StartWatchAsync(Cancellation);
        await world.StartClientAsync(Cancellation);
        await DemoWorlds.UntilAcknowledgedAsync(world, 10);
        await UntilWritableAsync(world, "east");

        await StopFastAsync(world.Layout.Data("east"));
        await DemoWorlds.PromoteWestAsync(world);
        var promoted = TimeProvider.System.GetUtcNow();

        await DemoWorlds.UntilAsync(
            () => DemoWorlds.Outcomes(world).Any(o => o.Refused is null && o.PlacedAt > promoted), "orders go on through the same web service");
        var outcomes = DemoWorlds.Outcomes(world);
        Assert.Subset(await DemoWorlds.OrdersAsync(world, "west"), outcomes.Where(o => o.Refused is null).Select(o => o.Order).ToHashSet());
        await UntilWritableAsync(world, "west");
        var reigns = Reigns.Find(WriteEvidence.Read(world.Layout.Evidence));
        Assert.Equal(["east", "west"], reigns.Select(r => r.Site).Distinct());
        Assert.Empty(Reigns.FindOverlaps(reigns));
    }

    [Fact]
    public async Task The_watch_sees_two_that_are_writable()
    {
        await using var world = await DemoWorlds.StartAsync(synchronous: false);
        await world.StartWatchAsync(Cancellation);
        await UntilWritableAsync(world, "east");
        await DemoWorlds.PromoteWestAsync(world);
        await DemoWorlds.UntilAsync(
            () => Reigns.FindOverlaps(Reigns.Find(WriteEvidence.Read(world.Layout.Evidence))).Count > 0, "the evidence shows two writable instances");
    }

    [Fact]
    public async Task An_order_that_the_synchronous_standby_may_lack_is_not_acknowledged()
    {
        await using var world = await DemoWorlds.StartAsync(synchronous: true);
        using var http = Client(world);
        using (var first = await http.PostAsync("/orders/1", null, Cancellation))
        {
            Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        }

        await world.StrikeAsync(Disaster.Kill, "west", Cancellation);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            // The second time the row is there already, and still it must not be acknowledged.
            using var answer = await http.PostAsync("/orders/2", null, Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
    }

    private static Task UntilWritableAsync(DemoWorld world, string site) => DemoWorlds.UntilAsync(
        () => File.Exists(world.Layout.Evidence)
            && Reigns.Find(WriteEvidence.Read(world.Layout.Evidence)).Any(r => r.Site == site && r.Writes > 10),
        $"the watch sees the {site} writable");

    private static HttpClient Client(DemoWorld world, string site = "east") =>
        new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://{world.Layout.WebAt(site, "orders")}"),
            Timeout = TimeSpan.FromSeconds(30),
        };

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/", Cancellation);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>SIGINT to the postmaster, as <c>pg_ctl stop -m fast</c> does; returns when it is gone.</summary>
    private static async Task StopFastAsync(string data)
    {
        using var postmaster = Process.GetProcessById(int.Parse(File.ReadLines(Path.Join(data, "postmaster.pid")).First()));
        Kedge.Drivers.Programs.ProcessTable.Signal(Kedge.Drivers.Programs.ProcessStat.Read(postmaster.Id)!.Identity, 2);
        await DemoWorlds.UntilAsync(() => !File.Exists(Path.Join(data, "postmaster.pid")), "the server stops");
    }
}
