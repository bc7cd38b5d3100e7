using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.Plan;

public class WhenPlansDiffer
{
    [Fact]
    public void Each_difference_is_a_line_that_names_its_key()
    {
        var old = Read(SoundPlan.Text);
        var now = Read(SoundPlan.With(
            "rto: 2h", "rto: 90m",
            "  hill: { witness: true }\n", "",
            "commit-after: 1h", "commit-after: 60m",
            "port: 5432, data: /var/lib/postgresql/15/west", "port: 5433, data: /var/lib/postgresql/15/west",
            "run: [/usr/bin/orders, --port, 8080]", "run: [/usr/bin/orders, --port, 8081]",
            "login: duty, roles: [decides, acts]", "login: duty, roles: [acts]",
            "needed: 1\n", "needed: 1 # as before\n",
            "    steps:\n", "    steps:\n      - { name: drain, before: stop, on: [switchover], driver: command, options: { run: [/usr/bin/drain] } }\n",
            "risks:\n", "risks:\n  - { threat: Fire, likelihood: low, impact: high, treatment: Sprinklers }\n"));

        GoldenFile.Matches(string.Concat(PlanDiff.Between(old, now).Select(c => $"{c}\n")), "diff.txt");
    }

    [Fact]
    public void The_order_of_steps_is_a_difference()
    {
        const string first = "      - { name: first, before: stop, on: [switchover], driver: manual, options: { instruction: One. } }\n";
        const string second = "      - { name: second, before: stop, on: [switchover], driver: manual, options: { instruction: Two. } }\n";

        var changes = PlanDiff.Between(
            Read(SoundPlan.With("    steps:\n", "    steps:\n" + first + second)), Read(SoundPlan.With("    steps:\n", "    steps:\n" + second + first)));

        Assert.Equal("~ services.orders.steps (order): first, second, tell-warehouse -> second, first, tell-warehouse", Assert.Single(changes).ToString());
    }

    [Fact]
    public void Comments_order_layout_defaults_and_files_make_no_difference()
    {
        var plan = Read(SoundPlan.Text);
        var services = SoundPlan.Text.IndexOf("services:", StringComparison.Ordinal);
        var risks = SoundPlan.Text.IndexOf("risks:", StringComparison.Ordinal);
        var reordered = Read(SoundPlan.Text[services..] + "# the rest\n" + SoundPlan.Text[..services]);
        var split = new PlanReader(SampleContracts.All).Read(
            [new("a.yaml", SoundPlan.Text[services..risks]), new("b.yaml", SoundPlan.Text[..services]), new("c.yaml", SoundPlan.Text[risks..])]);
        var spelt = Read(SoundPlan.With("rto: 2h", "rto: 120m", "east: { host: 127.0.0.11, port: 5432,", "east: { host: 127.0.0.11,"));

        Assert.All([reordered, split.Plan!, spelt], p => Assert.Equal(plan.Version, p.Version));
        Assert.All([reordered, split.Plan!, spelt], p => Assert.Empty(PlanDiff.Between(plan, p)));
    }

    private static KedgePlan Read(string text)
    {
        var reading = SoundPlan.Read(text);
        Assert.True(reading.Plan is not null, string.Join('\n', reading.Problems));
        return reading.Plan;
    }
}
