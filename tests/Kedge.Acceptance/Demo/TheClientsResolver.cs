using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kedge.Demo.Client;
using Kedge.Demo.World;
using Xunit;

namespace Kedge.Acceptance.Demo;

/// <summary>The client's resolver against a real DNS server, with a relay in between that counts the questions.</summary>
public sealed class TheClientsResolver : IAsyncLifetime
{
    private readonly string folder = WorldFolder.Create();
    private readonly CancellationTokenSource ending = new();
    private readonly Socket relay = new(SocketType.Dgram, ProtocolType.Udp);
    private WorldLayout layout = null!;
    private Task relaying = Task.CompletedTask;
    private int questions;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IPEndPoint Relay => (IPEndPoint)relay.LocalEndPoint!;

    public async ValueTask InitializeAsync()
    {
        var ports = FreePorts.Find(4, [IPAddress.Parse("127.0.0.10")]);
        layout = new(folder, ports[0], ports[1], ports[2], ports[3]);
        Directory.CreateDirectory(layout.Secrets);
        SecretFiles.Write(layout.Secret("dns-key"), SecretFiles.Invent());
        await new NameServer(layout, new(TimeProvider.System), TimeProvider.System).StartAsync(Cancellation);
        relay.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        relaying = RelayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await relaying;
        relay.Dispose();
        ending.Dispose();
        await WorldFolder.RemoveAsync(folder, new HashSet<int>(), TimeProvider.System, CancellationToken.None);
    }

    [Fact]
    public async Task An_address_is_asked_for_once_in_its_time_to_live_and_never_used_beyond()
    {
        var time = new HandClock();
        using var resolver = new StubResolver(WorldLayout.OrdersHost, Relay, time);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(WorldLayout.AddressOf("east"), await resolver.FindAsync(Cancellation));
            time.Advance(TimeSpan.FromMilliseconds(49));
        }

        Assert.Equal(1, questions);
        await PointAsync("west");
        Assert.Equal(WorldLayout.AddressOf("east"), await resolver.FindAsync(Cancellation));
        Assert.Equal(1, questions);

        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(WorldLayout.AddressOf("west"), await resolver.FindAsync(Cancellation));
        Assert.Equal(2, questions);
    }

    [Fact]
    public async Task An_address_that_ran_out_is_not_used_although_the_server_is_gone()
    {
        var time = new HandClock();
        using var resolver = new StubResolver(WorldLayout.OrdersHost, Relay, time);
        Assert.NotNull(await resolver.FindAsync(Cancellation));
        await FolderProcesses.KillAsync(layout.Names, TimeProvider.System, Cancellation);
        time.Advance(TimeSpan.FromSeconds(1));
        var asking = resolver.FindAsync(Cancellation).AsTask();
        // Nobody answers: the wait for an answer ends when the clock says so.
        await DemoWorlds.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return asking.IsCompleted;
            },
            "the resolver gives up");
        Assert.Null(await asking);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_has_no_address()
    {
        using var resolver = new StubResolver("nowhere.shop.example", Relay, TimeProvider.System);
        Assert.Null(await resolver.FindAsync(Cancellation));
    }

    private async Task PointAsync(string site)
    {
        var change = new ProcessStartInfo("nsupdate", []) { RedirectStandardInput = true, RedirectStandardError = true };
        Assert.SkipUnless(File.Exists("/usr/bin/nsupdate") || File.Exists("/usr/bin/knsupdate"), "knsupdate (package knot-dnsutils) is not installed");
        change.FileName = File.Exists("/usr/bin/knsupdate") ? "knsupdate" : "nsupdate";
        using var update = Process.Start(change)!;
        await update.StandardInput.WriteAsync($"""
            server {layout.NameServer.Address} {layout.NameServer.Port}
            key hmac-sha256:{WorldLayout.KeyName} {SecretFiles.Read(layout.Secret("dns-key"))}
            zone {WorldLayout.OrdersHost}
            update delete {WorldLayout.OrdersHost}. A
            update add {WorldLayout.OrdersHost}. 1 A {WorldLayout.AddressOf(site)}
            send

            """);
        update.StandardInput.Close();
        var errors = await update.StandardError.ReadToEndAsync(Cancellation);
        await update.WaitForExitAsync(Cancellation);
        Assert.True(update.ExitCode == 0, errors);
    }

    private async Task RelayAsync()
    {
        using var upstream = new Socket(SocketType.Dgram, ProtocolType.Udp);
        await upstream.ConnectAsync(layout.NameServer);
        var message = new byte[512];
        try
        {
            while (true)
            {
                var question = await relay.ReceiveFromAsync(message, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), ending.Token);
                Interlocked.Increment(ref questions);
                try
                {
                    await upstream.SendAsync(message.AsMemory(0, question.ReceivedBytes), ending.Token);
                    var length = await upstream.ReceiveAsync(message, ending.Token);
                    await relay.SendToAsync(message.AsMemory(0, length), SocketFlags.None, question.RemoteEndPoint, ending.Token);
                }
                catch (SocketException)
                {
                    // The server behind it is gone: so is the answer.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>A clock that goes when it is told to.</summary>
    private sealed class HandClock : TimeProvider
    {
        private readonly List<HandTimer> timers = [];
        private TimeSpan now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks + 1;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (timers)
            {
                var timer = new HandTimer(() => callback(state), now, dueTime);
                timers.Add(timer);
                return timer;
            }
        }

        public void Advance(TimeSpan by)
        {
            List<HandTimer> due;
            lock (timers)
            {
                now += by;
                due = [.. timers.Where(t => t.Due <= now)];
                timers.RemoveAll(due.Contains);
            }

            due.ForEach(t => t.Ring());
        }

        private sealed class HandTimer(Action ring, TimeSpan created, TimeSpan dueTime) : ITimer
        {
            public TimeSpan Due { get; private set; } = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : created + dueTime;

            public void Ring() => ring();

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Due + dueTime;
                return true;
            }

            public void Dispose() => Due = TimeSpan.MaxValue;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
