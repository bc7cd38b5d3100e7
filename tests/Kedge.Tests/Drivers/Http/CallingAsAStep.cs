using System.Net;
using System.Net.Sockets;
using Kedge.Drivers;
using Kedge.Drivers.Http;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Tests.Drivers.Http;

public class CallingAsAStep
{
    private readonly HttpDriver driver = new(new FakeSecrets(("TOKEN", "s3cr3t")).Services());

    private IDriverAction Call => driver.Actions["call"];

    [Fact]
    public async Task The_request_is_made_as_the_plan_has_it()
    {
        await using var server = new RawServer(_ => RawServer.Ok("done"), close: true);
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/json", ["Authorization"] = "env:TOKEN" };
        var done = await Call.ActAsync(
            Step(("url", server.Url), ("method", "PUT"), ("body", "{\"site\":\"west\"}"), ("headers", headers)), CancellationToken.None);

        Assert.Equal($"PUT {server.Url}: answered 200", done);
        var request = Assert.Single(server.Requests);
        Assert.StartsWith("PUT /ready HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Authorization: s3cr3t\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"site\":\"west\"}", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false)] // it says that it did nothing
    [InlineData("POST", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("POST", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", true)] // it may have begun
    [InlineData("POST", "", true)] // it died on the way
    [InlineData("GET", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", false)] // nothing was to be changed
    [InlineData("HEAD", "", false)]
    public async Task Whether_a_failed_call_may_have_had_its_effect_is_told(string method, string answer, bool outcomeUnknown)
    {
        await using var server = new RawServer(_ => answer, close: true);
        var error = await Assert.ThrowsAsync<DriverException>(
            () => Call.ActAsync(Step(("url", server.Url), ("method", method)), CancellationToken.None));
        Assert.Equal(outcomeUnknown, error.OutcomeUnknown);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public async Task A_call_that_times_out_may_have_had_its_effect()
    {
        await using var server = new RawServer(_ => null, close: false);
        var clock = new StoppedClock();
        var patient = new HttpDriver(new FakeSecrets().Services() with { Time = clock }).Actions["call"];
        var acting = patient.ActAsync(Step(("url", server.Url), ("timeout", "45s")), CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => server.Requests.Count > 0, TimeSpan.FromSeconds(30)));
        clock.RingAfter(TimeSpan.FromSeconds(45));

        var error = await Assert.ThrowsAsync<DriverException>(() => acting);
        Assert.True(error.OutcomeUnknown);
        Assert.Contains("no whole answer came in time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_nobody_took_had_none()
    {
        var error = await Assert.ThrowsAsync<DriverException>(() => Call.ActAsync(Step(("url", $"http://{Unused()}/")), CancellationToken.None));
        Assert.False(error.OutcomeUnknown);
        Assert.Contains("nothing listens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Breaking_it_off_is_no_failure_of_the_call()
    {
        await using var server = new RawServer(_ => null, close: false);
        using var cancellation = new CancellationTokenSource();
        var acting = Call.ActAsync(Step(("url", server.Url)), cancellation.Token);
        Assert.True(SpinWait.SpinUntil(() => server.Requests.Count > 0, TimeSpan.FromSeconds(30)));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => acting);
    }

    [Fact]
    public async Task Before_the_disaster_it_is_seen_whether_somebody_listens_and_nothing_is_called()
    {
        await using var server = new RawServer(_ => RawServer.Ok(""), close: true);
        var good = Assert.Single(await Call.PreflightAsync(Step(("url", server.Url)), CancellationToken.None));
        Assert.True(good.Ok, good.What);
        Assert.Empty(server.Requests);

        var missing = new Dictionary<string, string> { ["Authorization"] = "Bearer env:NOWHERE" };
        var findings = await Call.PreflightAsync(Step(("url", $"http://{Unused()}/"), ("headers", missing)), CancellationToken.None);
        Assert.Equal(2, findings.Count(f => !f.Ok && f.Fix is not null));
    }

    [Fact]
    public async Task A_call_counts_as_wanting_until_it_was_made()
    {
        var step = Step(("url", "http://127.0.0.1:1/"));
        Assert.Equal(JudgementKind.NotYet, (await Call.JudgeAsync(step, CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task A_call_that_got_no_connection_in_time_had_no_effect()
    {
        // A listener whose queue is full takes no more connections.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)full.LocalEndPoint!);
        var error = await Assert.ThrowsAsync<DriverException>(
            () => Call.ActAsync(Step(("url", $"http://{full.LocalEndPoint}/"), ("timeout", "200ms")), CancellationToken.None));
        Assert.False(error.OutcomeUnknown);
        Assert.Contains("no connection came about in time", error.Message, StringComparison.Ordinal);
    }

    private static EndPoint Unused()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var place = listener.LocalEndpoint;
        listener.Stop();
        return place;
    }

    private StepContext Step(params (string, object)[] options) => new()
    {
        Instance = null,
        Options = PlanOptions.Of(driver.Contract.Custom, options),
        Kind = RunKind.Failover,
        Run = "run-1",
        From = new("east"),
        To = new("west"),
        Epoch = null,
        LossAccepted = false,
        Rpo = null,
        LastKnown = null,
        Outage = null,
    };
}

/// <summary>Time stands still, and timers ring when a test says so.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private readonly List<(TimeSpan Due, Action Ring)> timers = [];

    public void RingAfter(TimeSpan due) => Assert.Single(timers, t => t.Due == due).Ring();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        timers.Add((dueTime, () => callback(state)));
        return new NoTimer();
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
