namespace Kedge.Demo.World;

/// <summary>The plan of the demo's shop, as a person would write it.</summary>
internal static class DemoPlanFile
{
    /// <param name="program">Path of the program whose hidden verbs are the web services.</param>
    /// <param name="login">Name on this machine of the person who decides: whoever plays.</param>
    public static string Text(WorldLayout layout, string program, bool synchronous, string login) => $$"""
        # The plan of a small bookshop, as `kedge demo` plays it on this machine.
        plan: Harbour Books

        sites:
          east:
            title: Data centre East
            recovered-by: [west]
          west:
            title: Data centre West
            recovered-by: [east]

        people:
          - name: Operations manager
            login: {{Quote(login)}}
            roles: [decides]

        decision:
          approvers: [Operations manager]
          needed: 1
          deadline: 2m
          after-deadline: escalate

        services:
          orders:
            title: Ordering
            primary: east
            recovery: [west]
            objectives: { rto: 5m, rpo: {{(synchronous ? "0" : "5s")}}, mtd: 4h, availability: 99.9% }
            components:
              database:
                title: Orders database
                driver: postgres
                options:
                  user: kedge
                  password: file:{{layout.Secret("kedge")}}
                  database: {{WorldLayout.Database}}
                  port: {{layout.DatabasePort}}
                  replication-mode: {{(synchronous ? "sync" : "async")}}
                at:
                  east: { host: {{WorldLayout.AddressOf("east")}}, data: {{layout.Data("east")}}, config-file: {{layout.DatabaseSettings("east")}} }
                  west: { host: {{WorldLayout.AddressOf("west")}}, data: {{layout.Data("west")}}, config-file: {{layout.DatabaseSettings("west")}} }
              web:
                title: Order desk
                driver: process
                needs: [{ database: across-sites }]
        {{Web(layout, program, "orders")}}
              address:
                title: orders.shop.example
                driver: dns
                needs: [web]
        {{Address(layout, "orders")}}
            checks:
              order-desk:
                driver: http
                every: 1s
                timeout: 1s
                confirmations: 2
                confirm-every: 250ms
                options: { expect-status: 200 }
                at:
                  east: { url: "http://{{layout.WebAt("east", "orders")}}/ready" }
                  west: { url: "http://{{layout.WebAt("west", "orders")}}/ready" }

          catalogue:
            title: Catalogue
            primary: east
            recovery: [west]
            objectives: { rto: 5m, mtd: 24h }
            components:
              web:
                title: Catalogue pages
                driver: process
        {{Web(layout, program, "catalogue")}}
              address:
                title: catalogue.shop.example
                driver: dns
                needs: [web]
        {{Address(layout, "catalogue")}}
            checks:
              pages:
                driver: http
                every: 1s
                timeout: 1s
                confirmations: 2
                confirm-every: 250ms
                options: { expect-status: 200 }
                at:
                  east: { url: "http://{{layout.WebAt("east", "catalogue")}}/ready" }
                  west: { url: "http://{{layout.WebAt("west", "catalogue")}}/ready" }

        accept:
          - { warning: KP040, at: services.orders, because: "The demo shows the loss of a site, not of one unit." }
          - { warning: KP040, at: services.catalogue, because: "The demo shows the loss of a site, not of one unit." }
          - warning: postgres.boot-start
            at: services.orders.components.database
            because: Nothing but Kedge starts these servers; they are gone when the demo is.

        """;

    private static string Web(WorldLayout layout, string program, string service) => $$"""
                options: { stop-timeout: 2s, {{Environment()}} }
                at:
        {{string.Join('\n', WorldLayout.Sites.Select(site => WebAt(layout, program, site, service)))}}
        """;

    private static string WebAt(WorldLayout layout, string program, string site, string service) => $$"""
                  {{site}}:
                    run: [{{string.Join(", ", layout.WebProgram(program, site, service).Select(Quote))}}]
                    folder: {{layout.WebFolder(site, service)}}
                    pid-file: {{layout.PidFile(site, service)}}
                    log: {{layout.WebLog(site, service)}}
                    ready-host: {{WorldLayout.AddressOf(site)}}
                    ready-port: {{layout.WebAt(site, service).Port}}
        """;

    private static string Environment() =>
        $"environment: {{ {string.Join(", ", Launcher.PartEnvironment.Select(e => $"{e.Key}: \"{e.Value}\""))} }}";

    private static string Address(WorldLayout layout, string service) => $$"""
                options:
                  zone: {{WorldLayout.HostOf(service)}}
                  name: "@"
                  ttl: 1s
                  servers: ["{{layout.NameServer}}"]
                  key-name: {{WorldLayout.KeyName}}
                  key: file:{{layout.Secret("dns-key")}}
                at:
                  east: { address: {{WorldLayout.AddressOf("east")}} }
                  west: { address: {{WorldLayout.AddressOf("west")}} }
        """;

    /// <summary>Only where YAML would read something else than the text.</summary>
    private static string Quote(string argument) =>
        argument.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? argument : $"\"{argument}\"";
}
