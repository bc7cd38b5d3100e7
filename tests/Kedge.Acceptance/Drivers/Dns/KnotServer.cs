using System.Net;

namespace Kedge.Acceptance.Drivers.Dns;

/// <summary>Knot DNS (knotd 3.2 or later), started for a test with a configuration of its own.</summary>
public sealed class KnotServer : INameServer
{
    private const string Program = "/usr/sbin/knotd";

    private readonly ServerProcess process;

    private KnotServer(ServerProcess process, IPEndPoint endPoint) => (this.process, EndPoint) = (process, endPoint);

    public IPEndPoint EndPoint { get; }

    public static async Task<KnotServer> StartAsync(NameServerSetup setup)
    {
        var folder = ServerProcess.NewFolder("knot");
        if (setup.Records is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "zone"), setup.Records);
        }

        var configuration = Path.Combine(folder, "knot.conf");
        await File.WriteAllTextAsync(configuration, Configuration(setup, folder));
        return new(await ServerProcess.StartAsync(Program, ["-c", configuration], folder, setup.At, setup.Zone), setup.At);
    }

    public void Pause() => process.Pause();

    public void Resume() => process.Resume();

    public Task KillAsync() => process.KillAsync();

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string Configuration(NameServerSetup setup, string folder)
    {
        var remotes = setup.Primary is { } primary ? [primary] : setup.Secondaries;
        var names = string.Join(", ", remotes.Select((_, i) => $"peer{i}"));
        return $"""
            server:
                rundir: {folder}
                listen: {At(setup.At)}
                automatic-acl: off
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            log:
              - target: stderr
                any: info
            database:
                storage: {folder}
                journal-db-max-size: 16M
                kasp-db-max-size: 10M
                timer-db-max-size: 1M
                catalog-db-max-size: 10M
            key:
              - id: {setup.Key.Name}
                algorithm: {setup.Key.Algorithm}
                secret: {setup.Key.Secret}
              - id: {setup.Reader.Name}
                algorithm: {setup.Reader.Algorithm}
                secret: {setup.Reader.Secret}
            {(remotes.Count == 0 ? "" : "remote:")}
            {string.Join('\n', remotes.Select((r, i) => $"  - id: peer{i}\n    address: {At(r)}\n    key: {setup.Key.Name}"))}
            acl:
              - id: keyed
                key: {setup.Key.Name}
                action: [query, update, transfer, notify]
              - id: reading
                key: {setup.Reader.Name}
                action: query
            zone:
              - domain: {setup.Zone}
                storage: {folder}
                file: zone
                acl: [keyed, reading]
                zonefile-sync: -1
                journal-content: {(setup.Primary is null ? "changes" : "all")}
                {(setup.Primary is null ? "" : "master: peer0")}
                {(setup.Secondaries.Count > 0 ? $"notify: [{names}]" : "")}

            """;
    }

    private static string At(IPEndPoint place) => $"{place.Address}@{place.Port}";
}
