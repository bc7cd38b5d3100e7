using Kedge.CommandLine;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Tests.CommandLine;

public sealed class WhenADataStoreAsksToStart : IDisposable
{
    private static readonly ComponentId Database = new(new("shop"), "database");
    private readonly Typed typed = new(plan: null);

    public WhenADataStoreAsksToStart()
    {
        East = DataFolder("east");
        West = DataFolder("west");
        File.WriteAllText(Path.Combine(typed.Folder, "kedge.yaml"), $$"""
            plan: Shop
            sites: { east: { recovered-by: [west] }, west: { recovered-by: [east] } }
            services:
              shop:
                primary: east
                components:
                  database:
                    driver: postgres
                    at:
                      east: { host: 127.0.0.1, data: {{East}} }
                      west: { host: 127.0.0.1, port: 5433, data: {{West}} }
            """);
    }

    private string East { get; }

    private string West { get; }

    public void Dispose() => typed.Dispose();

    [Fact]
    public void Without_a_state_the_answer_is_no() => Refused($"may-start --data {East}", "nobody can tell which site is active");

    [Fact]
    public void A_state_that_cannot_be_read_is_a_no()
    {
        Directory.CreateDirectory(typed.State);
        File.WriteAllText(Path.Combine(typed.State, "kedge.db"), "not a database, and long enough to be looked at as if it were one");
        Refused($"may-start --data {East}", "nobody can tell which site is active");
    }

    [Fact]
    public void A_standby_may_start_whatever_the_state_says()
    {
        File.WriteAllText(Path.Combine(West, "standby.signal"), "");
        Assert.Equal(ExitCodes.Fine, typed.Give($"may-start --data {West}"));
    }

    [Fact]
    public void Before_any_move_the_primary_site_may_and_the_other_may_not()
    {
        Assert.Equal(ExitCodes.Fine, typed.Give("plan adopt"));
        Assert.Equal(ExitCodes.Fine, typed.Give($"may-start --data {East}/"));
        Assert.Equal(ExitCodes.Fine, typed.Give("may-start --component shop/database --site east"));
        Refused($"may-start --data {West}", "shop is active at east");
        Refused($"may-start --data {typed.Folder}", "no instance of the plan");
    }

    [Fact]
    public void After_a_failover_only_data_of_the_newest_epoch_at_the_active_site_may()
    {
        Assert.Equal(ExitCodes.Fine, typed.Give("plan adopt"));
        Move(1, "west");
        Refused($"may-start --data {East}", "active at west (epoch 1, run-1)");
        Refused($"may-start --data {West}", "is of epoch 0, the newest is 1");
        Raise(West, "west", 1);
        Assert.Equal(ExitCodes.Fine, typed.Give($"may-start --data {West}"));

        Move(2, "east");
        Raise(East, "east", 1);
        Refused($"may-start --data {East}", "is of epoch 1, the newest is 2");
        Refused($"may-start --data {West}", "active at east (epoch 2");
        Raise(East, "east", 2);
        Assert.Equal(ExitCodes.Fine, typed.Give($"may-start --data {East} --json"));
        Assert.True((bool)typed.Json["mayStart"]!);
        Assert.Equal(ExitCodes.Fine, typed.Give("may-start --component shop/database --site east"));
        Refused("may-start --component shop/database --site west", "active at east (epoch 2");
        File.WriteAllText(Path.Combine(West, "standby.signal"), "");
        Assert.Equal(ExitCodes.Fine, typed.Give("may-start --component shop/database --site west"));
    }

    [Fact]
    public void An_epoch_of_another_journal_or_one_that_cannot_be_read_is_a_no()
    {
        Assert.Equal(ExitCodes.Fine, typed.Give("plan adopt"));
        Raise(East, "east", 1, "another journal");
        Refused($"may-start --data {East}", "given out by another journal");
        File.WriteAllText(Path.Combine(East + ".kedge", "epoch.json"), "{");
        Refused($"may-start --data {East}", "cannot be read");
    }

    private void Refused(string line, string because)
    {
        Assert.Equal(ExitCodes.Refused, typed.Give(line));
        Assert.Contains(because, typed.Error, StringComparison.Ordinal);
    }

    private string DataFolder(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(typed.Folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "PG_VERSION"), "15\n");
        return folder;
    }

    private void Move(long epoch, string site) => WithPlane(plane => plane.Session.AppendAloneAsync(
        () => [new EpochTaken(Database, epoch, new SiteName(site), new RunId($"run-{epoch}")), new ActiveSiteChanged(Database.Service, new SiteName(site), new RunId($"run-{epoch}"))],
        CancellationToken.None));

    /// <summary>The file beside the data, in the form that is documented for whoever reads it by hand.</summary>
    private void Raise(string data, string site, long epoch, string? journal = null)
    {
        var name = journal;
        WithPlane(plane => Task.FromResult(name ??= plane.State.Register.Journal));
        Directory.CreateDirectory(data + ".kedge");
        File.WriteAllText(
            Path.Combine(data + ".kedge", "epoch.json"),
            $$"""{"epoch":{{epoch}},"activeSite":"{{site}}","component":"shop/database","instance":"shop/database@{{Path.GetFileName(data)}}","journal":"{{name}}"}""");
    }

    private void WithPlane<T>(Func<ControlPlane, Task<T>> work) => NodeContext.Run(async () =>
    {
        await using var plane = await ControlPlane.OpenAsync(
            new ControlSettings { StateFolder = typed.State, Who = "test", NodeName = "test" }, CancellationToken.None);
        return await work(plane);
    });
}
