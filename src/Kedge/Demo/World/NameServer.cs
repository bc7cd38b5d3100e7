using Kedge.Demo.Client;

namespace Kedge.Demo.World;

/// <summary>
/// The authoritative server of the shop's zones (Knot DNS), which stands at neither site. It takes dynamic updates (RFC
/// 2136) that are signed with a key (TSIG).
/// </summary>
internal sealed class NameServer(WorldLayout layout, Launcher launcher, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private static string? Program =>
        ((string[])["/usr/sbin/knotd", "/usr/local/sbin/knotd", "/usr/bin/knotd"]).FirstOrDefault(File.Exists);

    public static void EnsureInstalled()
    {
        if (Program is null)
        {
            throw new DemoException("the DNS server Knot is missing", "sudo apt-get install --no-install-recommends knot");
        }
    }

    /// <summary>Returns once it answers.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var account = ServerAccount.Find("knot", "nobody");
        Directory.CreateDirectory(layout.Names, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var settings = Path.Join(layout.Names, "knot.conf");
        SecretFiles.Write(settings, Settings());
        foreach (var service in WorldLayout.Services)
        {
            await File.WriteAllTextAsync(ZoneFile(service), Records(service), cancellation);
        }

        foreach (var path in (string[])[layout.Names, settings, .. WorldLayout.Services.Select(ZoneFile)])
        {
            account?.Own(path);
        }

        var log = Path.Join(layout.Names, "knot.log");
        await launcher.StartAsync([Program!, "--config", settings], log, account, layout.Names, new Dictionary<string, string>(), cancellation);
        using var resolver = new StubResolver(WorldLayout.OrdersHost, layout.NameServer, time);
        var began = time.GetTimestamp();
        while (await resolver.FindAsync(cancellation) is null)
        {
            if (time.GetElapsedTime(began) > Patience)
            {
                throw new DemoException($"the DNS server does not answer: {(await File.ReadAllTextAsync(log, cancellation)).Trim()}", null);
            }

            await Task.Delay(Look, time, cancellation);
        }
    }

    private string Settings() => $"""
        server:
          listen: {layout.NameServer.Address}@{layout.NameServer.Port}
          rundir: {layout.Names}
          udp-workers: 1
          tcp-workers: 1
          background-workers: 1
        log:
          - target: stderr
            any: info
        database:
          storage: {layout.Names}/database
        key:
          - id: {WorldLayout.KeyName}
            algorithm: hmac-sha256
            secret: {SecretFiles.Read(layout.Secret("dns-key"))}
        acl:
          - id: updates
            address: 127.0.0.0/8
            key: {WorldLayout.KeyName}
            action: update
        zone:
        {string.Join('\n', WorldLayout.Services.Select(Zone))}

        """;

    private string Zone(string service) => $"""
          - domain: {WorldLayout.HostOf(service)}
            file: {ZoneFile(service)}
            zonefile-sync: -1
            journal-content: none
            acl: updates
        """;

    private string ZoneFile(string service) => Path.Join(layout.Names, $"{WorldLayout.HostOf(service)}.zone");

    private string Records(string service) => $"""
        $ORIGIN {WorldLayout.HostOf(service)}.
        $TTL 1
        @   SOA ns operations 1 3600 600 86400 1
        @   NS  ns
        @   A   {WorldLayout.AddressOf("east")}
        ns  A   {layout.NameServer.Address}

        """;
}
