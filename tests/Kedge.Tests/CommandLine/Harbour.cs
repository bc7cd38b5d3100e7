using Kedge.Journal.Events;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;

namespace Kedge.Tests.CommandLine;

/// <summary>The plan that these tests look at: two sites, two services, one of which holds data.</summary>
internal static class Harbour
{
    public static readonly SiteName East = new("east");
    public static readonly SiteName West = new("west");
    public static readonly ServiceName Orders = new("orders");
    public static readonly ServiceName Catalogue = new("catalogue");
    public static readonly ComponentId Database = new(Orders, "database");

    private const string Text = """
        plan: Harbour Books
        sites:
          east: { title: Data centre East, recovered-by: [west] }
          west: { title: Data centre West }
        people:
          - { name: Operations manager, login: ops, roles: [decides], contacts: { email: ops@example.org, phone: "+1 202 555 0100" } }
        decision: { approvers: [decides], needed: 1, deadline: 15m, after-deadline: escalate }
        services:
          catalogue:
            title: Catalogue
            primary: east
            objectives: { rto: 4h }
            components:
              web:
                title: Catalogue web server
                driver: process
                redundancy: 2
                at: { east: { run: [/srv/catalogue] }, west: { run: [/srv/catalogue] } }
            checks:
              page: { driver: http, at: { east: { url: "http://127.0.0.11:8081/" }, west: { url: "http://127.0.0.12:8081/" } } }
          orders:
            title: Ordering
            primary: east
            objectives: { rto: 2h, rpo: 5m }
            needs: [catalogue]
            components:
              database:
                title: Orders database
                driver: postgres
                at:
                  east: { host: 127.0.0.11, data: /srv/east, password: "env:KEDGE_PG_PASSWORD" }
                  west: { host: 127.0.0.12, data: /srv/west, password: "env:KEDGE_PG_PASSWORD" }
              web:
                title: Orders web server
                driver: process
                redundancy: 2
                needs: [database]
                at: { east: { run: [/srv/orders, --port, "8080"] }, west: { run: [/srv/orders, --port, "8080"] } }
              address:
                title: orders.shop.example
                driver: dns
                redundancy: 2
                needs: [web]
                at: { east: { address: 127.0.0.11, ttl: 1s }, west: { address: 127.0.0.12, ttl: 1s } }
            checks:
              order-page: { driver: http, at: { east: { url: "http://127.0.0.11:8080/ready" }, west: { url: "http://127.0.0.12:8080/ready" } } }
            steps:
              - { name: tell-warehouse, before: switch, on: [failover], driver: manual, options: { instruction: Call the warehouse and tell them to pick from paper lists until further notice. } }
        """;

    public static KedgePlan Plan { get; } = Read(Text);

    /// <summary>The same after an edit.</summary>
    public static KedgePlan Edited { get; } = Read(Text.Replace("rto: 2h", "rto: 1h", StringComparison.Ordinal));

    public static KedgePlan Read(string text)
    {
        var reading = new PlanReader(HarbourContracts.All).Read([new("kedge.yaml", text)]);
        return reading.Plan ?? throw new InvalidOperationException(string.Join('\n', reading.Problems));
    }

    public static RecoveryPlan Compile(RunKind kind, Scenario scenario, params IReadOnlyList<ServiceName> services)
    {
        var (from, to) = kind is RunKind.Failback ? (West, East) : kind is RunKind.Restore ? (East, East) : (East, West);
        return new PlanCompiler(HarbourContracts.All).Compile(
            Plan, new(kind, scenario, [.. services.Select(s => new Move(s, from, to))]), ObservedState.Nothing);
    }

    public static RecoveryPlan Failover { get; } = Compile(RunKind.Failover, Scenario.SiteLoss, Catalogue, Orders);

    public static ExpectedLoss Loss(bool refused) => refused
        ? new(Database, false, null, null, true, "the standby's last position is not known: nobody listens at 127.0.0.12:5432")
        : new(Database, true, TimeSpan.FromSeconds(0.84), 12_345, false, "lag behind the last known position 0/3000148");
}
