using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Xunit;
using static Kedge.Acceptance.Drivers.PostgreSql.TwoSiteCluster;

namespace Kedge.Acceptance.Drivers.PostgreSql;

/// <summary>Every test of this folder works as the role that <c>PostgresPrivileges.Sql</c> makes; here is what it may not do.</summary>
public sealed class WithTheLeastPrivileges(ITestOutputHelper output)
{
    [Fact]
    public async Task The_role_is_no_superuser_and_cannot_read_what_customers_wrote()
    {
        await using var cluster = await StartAsync();
        await cluster.ExecuteAsync(East, "create table secrets (card text)");

        Assert.False(await cluster.AskAsync<bool>(East, "select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls from pg_roles where rolname = 'kedge'"));
        Assert.False(await cluster.AskAsync<bool>(East, "select has_table_privilege('kedge', 'secrets', 'select, insert, update, delete')"));
        foreach (var site in (SiteName[])[East, West])
        {
            foreach (var action in (string[])["fence", "promote", "stop", "rejoin"])
            {
                var findings = await cluster.Driver.Actions[action].PreflightAsync(
                    cluster.Step(site, RunKind.Failover, 2), CancellationToken.None);
                Assert.All(findings, f => Assert.True(f.Ok || (site == East && f.What.StartsWith("it is no standby", StringComparison.Ordinal)), f.What));
            }
        }
    }

    [Fact]
    public async Task A_whole_round_works_with_passwords_and_they_show_nowhere()
    {
        const string password = "s3'cret \\ of the role";
        var secret = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(secret, password + "\n");
            await using var cluster = await StartAsync(new()
            {
                ["password"] = new SecretReference(SecretSource.File, secret),
                ["replication-mode"] = "sync",
            });
            await cluster.ExecuteAsync(East, $"alter role kedge password {Kedge.Drivers.PostgreSql.Server.Statements.Literal(password)}");
            await cluster.CatchUpAsync(East, West);
            foreach (var site in (SiteName[])[East, West])
            {
                await File.WriteAllTextAsync(
                    Path.Join(cluster.Data(site), "pg_hba.conf"),
                    "host all postgres 127.0.0.0/8 trust\nhost all kedge 127.0.0.0/8 scram-sha-256\nhost replication kedge 127.0.0.0/8 scram-sha-256\n");
                await cluster.ExecuteAsync(site, "select pg_reload_conf()");
            }

            var reports = new List<string>();
            var last = await cluster.MarkAsync(1);
            cluster.Kill(East);
            reports.Add(await cluster.DoAsync("fence", cluster.Step(East, RunKind.Failover, 2)));
            reports.Add(await cluster.DoAsync("promote", cluster.Step(West, RunKind.Failover, 2, last)));
            await cluster.ExecuteAsync(West, "insert into orders values (1)");
            reports.Add(await cluster.DoAsync("rejoin", cluster.Step(East, RunKind.Reprotect, 2)));
            reports.Add(await cluster.DoAsync("prepare", cluster.Step(East, RunKind.Failback, 3, from: West)));
            reports.Add(await cluster.DoAsync("stop", cluster.Step(West, RunKind.Failback, 3, from: West)));
            reports.Add(await cluster.DoAsync("take-over", cluster.Step(East, RunKind.Failback, 3, from: West)));
            reports.Add(await cluster.DoAsync("rejoin", cluster.Step(West, RunKind.Failback, 3, from: West)));

            reports.ForEach(output.WriteLine);
            Assert.Contains("rewound", reports[2], StringComparison.Ordinal);
            Assert.Equal("sync", await cluster.AskAsync<string>(East, "select sync_state from pg_stat_replication"));
            Assert.DoesNotContain(reports, r => r.Contains("s3'cret", StringComparison.Ordinal));
            foreach (var log in Directory.EnumerateFiles(cluster.Folder, "*.log", SearchOption.AllDirectories))
            {
                Assert.DoesNotContain("s3'cret", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(secret);
        }
    }
}
