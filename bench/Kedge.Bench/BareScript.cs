using System.Diagnostics;
using Kedge.Demo.World;

namespace Kedge.Bench;

/// <summary>Recovers a killed site with bench/recover-by-hand.sh instead of Kedge.</summary>
internal static class BareScript
{
    public static async Task<TimeSpan> RecoverAsync(string program, CancellationToken cancellation)
    {
        await using var world = await DemoWorld.StartAsync(new(program, Synchronous: false, Rate: 50), TimeProvider.System, static _ => { }, cancellation);
        await world.StartClientAsync(cancellation);
        await world.StartWatchAsync(cancellation);
        await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        await world.StrikeAsync(Disaster.Kill, "east", cancellation);
        var layout = world.Layout;
        var start = new ProcessStartInfo("/bin/bash", [Path.Join(AppContext.BaseDirectory, "recover-by-hand.sh")])
        {
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Facts(layout, program).Concat(Launcher.PartEnvironment.Select(e => (e.Key, e.Value))))
        {
            start.Environment[name] = value;
        }

        var began = Stopwatch.GetTimestamp();
        using var script = Process.Start(start)!;
        var said = script.StandardError.ReadToEndAsync(cancellation);
        await script.WaitForExitAsync(cancellation);
        var took = Stopwatch.GetElapsedTime(began);
        return script.ExitCode == 0 ? took : throw new InvalidOperationException($"the script failed: {await said}");
    }

    private static IEnumerable<(string Name, string Value)> Facts(WorldLayout layout, string program)
    {
        yield return ("OLD_DATA", layout.Data("east"));
        yield return ("NEW_DATA", layout.Data("west"));
        yield return ("NEW_ADDRESS", WorldLayout.AddressOf("west").ToString());
        yield return ("DATABASE_PORT", $"{layout.DatabasePort}");
        yield return ("DNS_ADDRESS", $"{layout.NameServer.Address}");
        yield return ("DNS_PORT", $"{layout.NameServer.Port}");
        yield return ("DNS_KEY_NAME", WorldLayout.KeyName);
        yield return ("DNS_KEY_FILE", layout.Secret("dns-key"));
        yield return ("SERVICES", string.Join(' ', WorldLayout.Services));
        foreach (var service in WorldLayout.Services)
        {
            var name = service.ToUpperInvariant();
            yield return ($"{name}_HOST", WorldLayout.HostOf(service));
            yield return ($"{name}_OLD_PID", layout.PidFile("east", service));
            yield return ($"{name}_FOLDER", layout.WebFolder("west", service));
            yield return ($"{name}_READY", $"http://{layout.WebAt("west", service)}/ready");
            yield return ($"{name}_PROGRAM", string.Join(' ', layout.WebProgram(program, "west", service)));
        }
    }
}
