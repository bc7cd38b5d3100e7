using System.Net;

namespace Kedge.Acceptance.Drivers.Dns;

/// <summary>BIND (named 9.18 or later), started for a test with a configuration of its own.</summary>
public sealed class BindServer : INameServer
{
    private const string Program = "/usr/sbin/named";

    private readonly ServerProcess process;

    private BindServer(ServerProcess process, IPEndPoint endPoint) => (this.process, EndPoint) = (process, endPoint);

    public IPEndPoint EndPoint { get; }

    public static async Task<BindServer> StartAsync(NameServerSetup setup)
    {
        var folder = ServerProcess.NewFolder("bind");
        if (setup.Records is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "zone"), setup.Records);
        }

        var configuration = Path.Combine(folder, "named.conf");
        await File.WriteAllTextAsync(configuration, Configuration(setup, folder));
        return new(await ServerProcess.StartAsync(Program, ["-g", "-n", "1", "-c", configuration], folder, setup.At, setup.Zone), setup.At);
    }

    public void Pause() => process.Pause();

    public void Resume() => process.Resume();

    public Task KillAsync() => process.KillAsync();

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string Configuration(NameServerSetup setup, string folder) => $$"""
        options {
            directory "{{folder}}";
            listen-on port {{setup.At.Port}} { {{setup.At.Address}}; };
            listen-on-v6 { none; };
            pid-file "{{folder}}/named.pid";
            session-keyfile "{{folder}}/session.key";
            managed-keys-directory "{{folder}}";
            recursion no;
            dnssec-validation no;
            notify explicit;
            notify-delay 0;
        };
        controls { };
        {{Key(setup.Key)}}
        {{Key(setup.Reader)}}
        zone "{{setup.Zone}}" {
            file "{{folder}}/zone";
            allow-transfer { key "{{setup.Key.Name}}"; };
            {{(setup.Primary is { } primary
                ? $"type secondary; primaries port {primary.Port} {{ {primary.Address} key \"{setup.Key.Name}\"; }}; allow-notify {{ any; }};"
                : $"type primary; allow-update {{ key \"{setup.Key.Name}\"; }};")}}
            {{(setup.Secondaries.Count == 0
                ? ""
                : $"also-notify {{ {string.Join(' ', setup.Secondaries.Select(s => $"{s.Address} port {s.Port} key \"{setup.Key.Name}\";"))} }};")}}
        };

        """;

    private static string Key(SharedKey key) =>
        $"key \"{key.Name}\" {{ algorithm {key.Algorithm}; secret \"{key.Secret}\"; }};";
}
