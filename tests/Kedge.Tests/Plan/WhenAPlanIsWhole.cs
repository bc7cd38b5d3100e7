using Kedge.Plan;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Tests.Plan;

public class WhenAPlanIsWhole
{
    private const string Harbour = """
        plan: Harbour Books                # name of the plan
        marker-every: 1s                   # default
        sites:
          east:
            title: Data centre East
            recovered-by: [west]
            fence: [/usr/local/sbin/cut-power, east]
          west: {}
          hill: { witness: true }
        people:
          - { name: Operations manager, login: ops, roles: [decides], contacts: { email: ops@example.org } }
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
                redundancy: 1
                options: { user: kedge, password: env:KEDGE_PG_PASSWORD }
                at:
                  east: { host: 127.0.0.11, port: 5432, data: /var/lib/postgresql/15/east }
                  west: { host: 127.0.0.12, port: 5432, data: /var/lib/postgresql/15/west }
              web:
                driver: process
                needs: [{ database: across-sites }]
                at: { east: { run: [/usr/bin/orders, --port, 8080] }, west: { run: [/usr/bin/orders] } }
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
                confirmations: 2           # failures that must follow the first
                confirm-every: 250ms
                options: { expect-status: 200 }
                at: { east: { url: "http://127.0.0.11:8080/ready" }, west: { url: "http://127.0.0.12:8080/ready" } }
            steps:
              - { name: tell-warehouse, before: switch, on: [failover], driver: manual, options: { instruction: Call the warehouse. } }
          catalogue:
            primary: east
            components:
              web: { driver: systemd, redundancy: 2, at: { east: { unit: catalogue.service }, west: { unit: catalogue.service } } }
        risks:
          - { threat: Flood at the east site, likelihood: low, impact: high, treatment: Recovery site on higher ground }
        """;

    [Fact]
    public void Everything_that_it_says_is_in_the_model()
    {
        var reading = new PlanReader(SampleContracts.All).Read([new("kedge.yaml", Harbour)]);

        Assert.DoesNotContain(reading.Problems, p => p.IsError);
        var plan = Assert.IsType<KedgePlan>(reading.Plan);
        var again = new PlanReader(SampleContracts.All).Read([new("kedge.yaml", PlanText.Write(plan))]);
        Assert.Equal(PlanText.Write(plan), PlanText.Write(again.Plan!));
    }
}
