namespace Kedge.Tests.Recover.Compile;

/// <summary>A plan with what the compiler has rules for: services that need each other, early movers, custom steps.</summary>
internal static class ShopPlan
{
    public const string Text = """
        plan: Shop
        sites:
          east:
            title: East
            recovered-by: [west]
          west:
            title: West
            recovered-by: [east]
        services:
          orders:
            title: Ordering
            primary: east
            needs: [catalogue]
            objectives: { rto: 30m, rpo: 5m }
            components:
              database:
                driver: postgres
                at:
                  east: { host: 127.0.0.11, data: /srv/east/data }
                  west: { host: 127.0.0.12, data: /srv/west/data }
              reports:
                driver: process
                needs: [database]
                at:
                  east: { run: [/srv/reports], ready-port: 8081 }
                  west: { run: [/srv/reports], ready-port: 8081 }
              web:
                driver: process
                needs: [{ database: across-sites }]
                at:
                  east: { run: [/srv/web], ready-port: 8080 }
                  west: { run: [/srv/web], ready-port: 8080 }
              address:
                driver: dns
                needs: [web]
                options: { zone: shop.example, name: orders, ttl: 5s, servers: ["127.0.0.10"], key-name: kedge, key: "env:DNS_KEY" }
                at:
                  east: { address: 127.0.0.11 }
                  west: { address: 127.0.0.12 }
            checks:
              ready:
                driver: http
                at:
                  east: { url: "http://127.0.0.11:8080/ready" }
                  west: { url: "http://127.0.0.12:8080/ready" }
            steps:
              - { name: call-warehouse, before: switch, on: [failover], driver: manual, options: { instruction: Call the warehouse. } }
              - { name: warm-caches, after: start, on: [failover, switchover], driver: http, options: { url: "http://127.0.0.12:8080/warm" } }
          catalogue:
            title: Catalogue
            primary: east
            objectives: { rto: 30m, rpo: 24h }
            components:
              web:
                driver: process
                at:
                  east: { run: [/srv/catalogue], ready-port: 8090 }
                  west: { run: [/srv/catalogue], ready-port: 8090 }
            checks:
              pages:
                driver: http
                at:
                  east: { url: "http://127.0.0.11:8090/" }
                  west: { url: "http://127.0.0.12:8090/" }

        """;
}
