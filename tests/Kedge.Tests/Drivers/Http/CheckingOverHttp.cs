using System.Net;
using System.Net.Sockets;
using Kedge.Drivers;
using Kedge.Drivers.Http;
using Xunit;

namespace Kedge.Tests.Drivers.Http;

public class CheckingOverHttp
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(30);

    private readonly HttpDriver driver = new(new FakeSecrets(("TOKEN", "s3cr3t"), ("MULTILINE", "a\nb")).Services());

    [Fact]
    public async Task A_service_that_answers_is_well()
    {
        await using var server = new RawServer(_ => RawServer.Ok("ready"), close: false);
        var result = await CheckAsync(Ample, ("url", server.Url));
        Assert.Equal(new CheckResult(true, $"GET {server.Url}: answered 200"), result);
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "answered 503 ServiceUnavailable, expected 200-299")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", "answered 302 Found, expected 200-299")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nready", "the answer broke off")]
    [InlineData("220 mail.example ESMTP\r\n", "what it answered is not HTTP")]
    [InlineData("", "the connection was closed without an answer")]
    public async Task A_service_that_answers_wrongly_is_not_well(string answer, string what)
    {
        await using var server = new RawServer(_ => answer, close: true);
        var result = await CheckAsync(Ample, ("url", server.Url));
        Assert.False(result.Ok);
        Assert.Contains(what, result.What, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.What);
    }

    [Fact]
    public async Task A_listener_that_is_gone_is_noticed()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var place = listener.LocalEndpoint;
        listener.Stop();
        Assert.Equal(
            new CheckResult(false, $"GET http://{place}/: nothing listens at {place}"), await CheckAsync(Ample, ("url", $"http://{place}/")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nre")]
    public async Task A_service_that_hangs_before_or_within_its_answer_is_noticed(string? answer)
    {
        await using var server = new RawServer(_ => answer, close: false);
        using var timeout = new CancellationTokenSource();
        var checking = driver.CheckAsync(PlanOptions.Of(driver.Contract.Checks, ("url", server.Url)), timeout.Token);
        Assert.True(SpinWait.SpinUntil(() => server.Requests.Count > 0, Ample));
        await timeout.CancelAsync();
        Assert.Equal(
            new CheckResult(false, $"GET {server.Url}: the connection was accepted, but no whole answer came in time"), await checking);
    }

    [Fact]
    public async Task A_machine_that_lets_nobody_in_is_told_from_a_service_that_hangs()
    {
        // A listener whose queue is full takes no more connections, as a machine that is cut off would not.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)full.LocalEndPoint!);
        var result = await CheckAsync(TimeSpan.FromMilliseconds(300), ("url", $"http://{full.LocalEndPoint}/"));
        Assert.Equal(new CheckResult(false, $"GET http://{full.LocalEndPoint}/: no connection came about in time"), result);
    }

    [Fact]
    public async Task Each_check_comes_as_a_new_customer_would()
    {
        await using var server = new RawServer(_ => RawServer.Ok("ready"), close: false);
        for (var i = 0; i < 3; i++)
        {
            Assert.True((await CheckAsync(Ample, ("url", server.Url))).Ok);
        }

        Assert.Equal(3, server.Connections);
        Assert.All(server.Requests, r => Assert.Contains("Connection: close", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kept_connection_does_not_notice_that_nobody_is_let_in_and_a_new_one_does()
    {
        await using var server = new RawServer(_ => RawServer.Ok("ready"), close: false);
        Assert.True((await CheckAsync(Ample, ("url", server.Url), ("keep-connection", "true"))).Ok);
        server.StopListening();
        Assert.True((await CheckAsync(Ample, ("url", server.Url), ("keep-connection", "true"))).Ok);
        Assert.False((await CheckAsync(Ample, ("url", server.Url))).Ok);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("expect-body", "\"queue\": 3", true)]
    [InlineData("expect-body", "grün", true)]
    [InlineData("expect-body", "\"queue\": 4", false)]
    [InlineData("expect-pattern", "\"queue\": [0-9]\\b", true)]
    [InlineData("expect-pattern", "^$", false)]
    public async Task What_the_answer_holds_can_be_expected(string option, string value, bool ok)
    {
        await using var server = new RawServer(_ => RawServer.Ok("{ \"state\": \"grün\", \"queue\": 3 }"), close: false);
        var result = await CheckAsync(Ample, ("url", server.Url), (option, value));
        Assert.Equal(ok, result.Ok);
        Assert.Contains(ok ? "answered 200" : option, result.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_followed_where_the_plan_says_so()
    {
        await using var server = new RawServer(
            r => r.StartsWith("GET /ready", StringComparison.Ordinal)
                ? "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                : RawServer.Ok("there"),
            close: true);
        Assert.True((await CheckAsync(Ample, ("url", server.Url), ("follow-redirects", "true"), ("expect-body", "there"))).Ok);
    }

    [Fact]
    public async Task Secrets_are_sent_and_never_shown()
    {
        await using var server = new RawServer(_ => RawServer.Ok(""), close: false);
        var headers = new Dictionary<string, string> { ["Authorization"] = "Bearer env:TOKEN", ["X-Site"] = "west" };
        var result = await CheckAsync(Ample, ("url", server.Url + "?token=s3cr3t"), ("headers", headers));
        Assert.True(result.Ok);
        Assert.DoesNotContain("s3cr3t", result.What, StringComparison.Ordinal);
        var request = Assert.Single(server.Requests);
        Assert.Contains("Authorization: Bearer s3cr3t\r\n", request, StringComparison.Ordinal);
        Assert.Contains("X-Site: west\r\n", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env:NOWHERE", "no secret env:NOWHERE")]
    [InlineData("env:MULTILINE", "the value of header X-Token holds more than plain characters on one line")]
    public async Task A_secret_that_cannot_be_used_is_a_failure_and_no_exception(string reference, string what)
    {
        var headers = new Dictionary<string, string> { ["X-Token"] = reference };
        var result = await CheckAsync(Ample, ("url", "http://127.0.0.1:1/"), ("headers", headers));
        Assert.Equal(new CheckResult(false, $"GET http://127.0.0.1:1/: {what}"), result);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_said_to_be_one()
    {
        var result = await CheckAsync(Ample, ("url", "http://no-such-host.invalid/"));
        Assert.Equal(new CheckResult(false, "GET http://no-such-host.invalid/: the name no-such-host.invalid cannot be resolved"), result);
    }

    [Fact]
    public async Task What_speaks_no_TLS_is_not_secure()
    {
        // It answers a request that never comes as one: what it says first is no part of TLS.
        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        var greeting = GreetAsync(plain);
        var result = await CheckAsync(Ample, ("url", $"https://{plain.LocalEndpoint}/"));
        await greeting;
        Assert.False(result.Ok);
        Assert.Contains($"no secure connection to {plain.LocalEndpoint}", result.What, StringComparison.Ordinal);
    }

    private static async Task GreetAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync("220 mail.example ESMTP\r\n"u8.ToArray());
        _ = await client.GetStream().ReadAsync(new byte[4096]);
    }

    private async Task<CheckResult> CheckAsync(TimeSpan timeout, params (string, object)[] options)
    {
        using var cancellation = new CancellationTokenSource(timeout);
        return await driver.CheckAsync(PlanOptions.Of(driver.Contract.Checks, options), cancellation.Token);
    }
}
