using Kedge.Plan;
using Xunit;

namespace Kedge.Tests.Plan;

/// <summary>A plan with one of everything and nothing wrong, for tests to break in one place.</summary>
internal static class SoundPlan
{
    public const string Text = """
        plan: Harbour Books
        marker-every: 1s
        sites:
          east:
            title: Data centre East
            recovered-by: [west]
            fence: [/usr/local/sbin/cut-power, east]
          west:
            recovered-by: [east]
            fence: [/usr/local/sbin/cut-power, west]
          hill: { witness: true }
        people:
          - { name: Operations manager, login: ops, roles: [decides], contacts: { email: ops@example.org } }
          - { name: Duty engineer, login: duty, roles: [decides, acts] }
        decision:
          approvers: [decides]
          needed: 1
          deadline: 15m
          after-deadline: escalate
        services:
          orders:
            title: Ordering
            primary: east
            recovery: [west]
            objectives: { rto: 2h, rpo: 5m, mtd: 24h, availability: 99.9% }
            needs: [catalogue]
            commit-after: 1h
            components:
              database:
                title: Orders database
                driver: postgres
                redundancy: 2
                options: { user: kedge, password: env:KEDGE_PG_PASSWORD, start-guard: systemd }
                at:
                  east: { host: 127.0.0.11, port: 5432, data: /var/lib/postgresql/15/east }
                  west: { host: 127.0.0.12, port: 5432, data: /var/lib/postgresql/15/west }
              web:
                driver: process
                redundancy: 2
                needs: [{ database: across-sites }]
                options: { run: [/usr/bin/orders, --port, 8080], environment: { LANG: C } }
                at: { east: {}, west: {} }
              address:
                driver: dns
                needs: [web]
                options: { zone: shop.example, name: orders, ttl: 1s, servers: [127.0.0.11] }
                at: { east: { address: 127.0.0.11 }, west: { address: 127.0.0.12 } }
            checks:
              order-page:
                driver: http
                every: 1s
                timeout: 1s
                confirmations: 2
                confirm-every: 250ms
                options: { expect-status: 200 }
                at: { east: { url: "http://127.0.0.11:8080/ready" }, west: { url: "http://127.0.0.12:8080/ready" } }
            steps:
              - { name: tell-warehouse, before: switch, on: [failover], driver: manual, options: { instruction: Call the warehouse. } }
          catalogue:
            primary: east
            objectives: { rto: 1h }
            decision: { approvers: [Operations manager, acts], needed: 2 }
            components:
              web: { driver: systemd, redundancy: 2, at: { east: { unit: catalogue.service }, west: { unit: catalogue.service } } }
            checks:
              front: { driver: http, options: { url: "http://catalogue.shop.example/" } }
        risks:
          - { threat: Flood at the east site, likelihood: low, impact: high, treatment: Recovery site on higher ground }

        """;

    public static PlanReading Read(string text) => new PlanReader(SampleContracts.All).Read([new("kedge.yaml", text)]);

    /// <summary>The plan with pieces of its text replaced, each of which must stand there exactly once.</summary>
    public static string With(params string[] findAndReplace)
    {
        var text = Text;
        for (var i = 0; i < findAndReplace.Length; i += 2)
        {
            Assert.Equal(2, text.Split(findAndReplace[i]).Length);
            text = text.Replace(findAndReplace[i], findAndReplace[i + 1], StringComparison.Ordinal);
        }

        return text;
    }
}
