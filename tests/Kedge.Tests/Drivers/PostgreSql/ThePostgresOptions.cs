using Kedge.Drivers.PostgreSql;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Tests.Drivers.PostgreSql;

public sealed class ThePostgresOptions
{
    private static readonly DriverContract Contract = PostgresContract.Contract;

    [Fact]
    public void A_sensible_pair_has_no_errors_but_warns_of_a_start_that_nobody_guards() =>
        Assert.Equal(["east boot-start warning", "west boot-start warning"], Review(new(), new()));

    [Fact]
    public void With_a_guard_there_is_nothing_to_remark() =>
        Assert.Empty(Review(new() { ["start-guard"] = "wrapper" }, new() { ["start-guard"] = "systemd" }));

    [Theory]
    [InlineData("data", "main", "east relative-path error")]
    [InlineData("manage", "systemd", "east unit-missing error")]
    [InlineData("unit", "postgresql.service", "east unit-unused error")]
    [InlineData("slot", "Kedge-East", "east bad-slot-name error")]
    [InlineData("database", "orders", " differs-between-sites error")]
    public void What_cannot_work_is_an_error(string option, string value, string expected) =>
        Assert.Contains(expected, Review(new() { [option] = value }, new()));

    [Fact]
    public void Two_sites_cannot_share_a_folder_or_a_port() =>
        Assert.Equal(
            ["west shared-between-sites error", "west shared-between-sites error"],
            Review(new() { ["start-guard"] = "wrapper" }, new()
            {
                ["start-guard"] = "wrapper",
                ["host"] = "10.0.0.1",
                ["port"] = 5432L,
                ["data"] = "/data/east/",
            }));

    [Theory]
    [InlineData("sync", 0)]
    [InlineData("async", 1)]
    public void The_smallest_loss_follows_the_mode(string mode, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Contract.SmallestLoss!(Options("east", new() { ["replication-mode"] = mode })));

    [Fact]
    public void Slots_are_named_after_sites_as_postgres_allows() =>
        Assert.Equal("kedge_data_centre_1", PostgresInstance.DefaultSlot(new("data-centre-1")));

    [Fact]
    public void Every_option_and_action_says_what_it_is_for()
    {
        Assert.All(Contract.Options, o => Assert.EndsWith(".", o.Help, StringComparison.Ordinal));
        Assert.All(Contract.Actions, a => Assert.NotEqual("", a.Why));
        Assert.Equal(Contract.Actions.Count, Contract.Actions.Select(a => a.Name).Distinct().Count());
    }

    private static List<string> Review(Dictionary<string, object> east, Dictionary<string, object> west)
    {
        var id = new ComponentId(new("orders"), "database");
        var component = new Component
        {
            Id = id,
            Title = "Orders database",
            Driver = "postgres",
            Needs = [],
            Redundancy = 1,
            Instances = [new(new(id, new("east")), Options("east", east)), new(new(id, new("west")), Options("west", west))],
        };
        return [.. Contract.Review(component).Select(f => $"{f.Site} {f.Code} {(f.IsError ? "error" : "warning")}")];
    }

    private static OptionValues Options(string site, Dictionary<string, object> given) => new(new Dictionary<string, object>(given)
    {
        ["host"] = given.GetValueOrDefault("host", site == "east" ? "10.0.0.1" : "10.0.0.2"),
        ["port"] = given.GetValueOrDefault("port", 5432L),
        ["database"] = given.GetValueOrDefault("database", "postgres"),
        ["user"] = given.GetValueOrDefault("user", "kedge"),
        ["data"] = given.GetValueOrDefault("data", $"/data/{site}"),
        ["manage"] = given.GetValueOrDefault("manage", "pg_ctl"),
        ["replication-mode"] = given.GetValueOrDefault("replication-mode", "async"),
        ["start-guard"] = given.GetValueOrDefault("start-guard", "none"),
        ["connect-timeout"] = given.GetValueOrDefault("connect-timeout", TimeSpan.FromSeconds(2)),
    });
}
