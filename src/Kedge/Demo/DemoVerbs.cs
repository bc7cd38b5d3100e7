using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Kedge.Demo.Client;
using Kedge.Demo.Evidence;
using Kedge.Demo.Ordering;
using Kedge.Demo.World;

namespace Kedge.Demo;

/// <summary>
/// The hidden verbs under which the demo's parts run as processes of their own. Their arguments are written by the demo
/// and appear in its plan, so they are few and plain: <c>--name value</c>, repeated where there are several.
/// </summary>
public static class DemoVerbs
{
    /// <summary>Whether a verb is one of these.</summary>
    public static bool Knows(string verb) => verb is "demo-web" or "demo-client" or "demo-watch" or "demo-broom" or "demo-world";

    /// <summary>
    /// Runs a part until SIGTERM or SIGINT; returns the exit code. Throws <see cref="ArgumentException"/> for arguments
    /// that the demo would not write.
    /// </summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        using var ending = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var given = new Given(arguments);
        await (arguments[0] switch
        {
            "demo-web" when given.Text("service") == "catalogue" =>
                CatalogueService.RunAsync(given.Text("site"), given.Address("listen"), given.Text("books"), time, ending.Token),
            "demo-web" => OrderingService.RunAsync(
                new(given.Text("site"), given.Address("listen"), given.Addresses("database"), given.Text("name"),
                    given.Text("user"), given.Text("password-file")),
                time, ending.Token),
            "demo-client" => OrderingClient.RunAsync(
                new(given.Text("host"), given.Number("port"), given.Address("name-server"), given.Number("rate"), given.Text("ledger")),
                time, ending.Token),
            "demo-broom" => Broom.RunAsync(Console.In, time, ending.Token),
            "demo-world" => HoldWorldAsync(new(Environment.ProcessPath!, given.Text("sync") == "yes", given.Number("rate")), time, ending.Token),
            _ => WritableWatch.RunAsync(
                new(given.Pairs("instance"), given.Text("name"), given.Text("user"), given.Text("password-file"), given.Text("evidence")),
                time, ending.Token),
        });
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }
    }

    /// <summary>The two sites without a story: prints the world's folder, and holds it until it is told to stop.</summary>
    private static async Task HoldWorldAsync(WorldOptions options, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await using var world = await DemoWorld.StartAsync(options, time, static _ => { }, cancellation);
            await world.StartClientAsync(cancellation);
            await Console.Out.WriteLineAsync(world.Layout.Folder);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private sealed class Given(IReadOnlyList<string> arguments)
    {
        private readonly ILookup<string, string> values = arguments.Skip(1).Chunk(2).ToLookup(
            pair => pair[0].StartsWith("--", StringComparison.Ordinal) && pair.Length == 2
                ? pair[0][2..]
                : throw new ArgumentException($"{pair[0]}: expected --name value"),
            pair => pair[1]);

        public string Text(string name) =>
            values[name].FirstOrDefault() ?? throw new ArgumentException($"--{name} is missing");

        public int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

        public IPEndPoint Address(string name) => IPEndPoint.Parse(Text(name));

        public IReadOnlyList<IPEndPoint> Addresses(string name) => [.. values[name].Select(IPEndPoint.Parse)];

        /// <summary>Values written <c>name=address:port</c>.</summary>
        public IReadOnlyDictionary<string, IPEndPoint> Pairs(string name) =>
            values[name].Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => IPEndPoint.Parse(v[1]));
    }
}
