using System.Diagnostics;
using System.Text;
using Kedge.Plan;
using Xunit;

namespace Kedge.Tests.Plan;

public class WhenAPlanIsLarge
{
    [Fact]
    public void Ten_thousand_components_in_five_hundred_services_read_without_a_problem()
    {
        var text = Large(services: 500, components: 20);

        var clock = Stopwatch.StartNew();
        var reading = SoundPlan.Read(text);
        var read = clock.Elapsed;
        var canonical = PlanText.Write(reading.Plan!);
        var written = clock.Elapsed - read;
        var again = SoundPlan.Read(canonical);
        var reread = clock.Elapsed - read - written;

        TestContext.Current.SendDiagnosticMessage(
            $"{text.Length / 1024} kB read in {read.TotalMilliseconds:F0} ms; {canonical.Length / 1024} kB of canonical text written in {written.TotalMilliseconds:F0} ms, read in {reread.TotalMilliseconds:F0} ms");
        Assert.Empty(reading.Problems);
        Assert.Equal(10_000, reading.Plan!.Services.Sum(s => s.Components.Count));
        Assert.Equal(reading.Plan.Version, again.Plan!.Version);
    }

    [Fact]
    public void As_many_unknown_names_are_all_reported()
    {
        var text = Large(services: 500, components: 20).Replace("primary: east", "primary: nowhere", StringComparison.Ordinal);

        Assert.Equal(500, SoundPlan.Read(text).Problems.Count(p => p.Code == "KP020"));
    }

    /// <summary>Services of which each needs the one before, their components in a chain.</summary>
    internal static string Large(int services, int components)
    {
        var text = new StringBuilder("""
            plan: Large
            sites: { east: { recovered-by: [west] }, west: { recovered-by: [east] } }
            people: [{ name: Duty engineer, login: duty, roles: [decides] }]
            decision: { approvers: [decides] }
            services:

            """);
        for (var s = 0; s < services; s++)
        {
            text.Append($$"""
                  service-{{s}}:
                    primary: east
                    objectives: { rto: 1h, rpo: 5m }
                    needs: [{{(s > 0 ? $"service-{s - 1}" : "")}}]
                    checks: { page: { driver: http, options: { url: "http://service-{{s}}.example/" } } }
                    components:
                      database:
                        driver: postgres
                        redundancy: 2
                        options: { user: kedge, password: env:KEDGE_PG_PASSWORD, start-guard: systemd }
                        at: { east: { host: 10.1.0.1, port: {{1000 + s}}, data: /data/{{s}} }, west: { host: 10.2.0.1, port: {{1000 + s}}, data: /data/{{s}} } }

                """);
            for (var c = 1; c < components; c++)
            {
                text.Append($$"""
                          component-{{c}}:
                            driver: process
                            redundancy: 2
                            needs: [{{(c > 1 ? $"component-{c - 1}" : "database")}}]
                            options: { run: [/usr/bin/serve, --port, {{c}}], environment: { LANG: C } }
                            at: { east: {}, west: {} }

                    """);
            }
        }

        return text.ToString();
    }
}
