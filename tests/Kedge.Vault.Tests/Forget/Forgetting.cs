using Kedge.Vault.Forget;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Forget;

/// <summary>Policies, their words, and the removal itself.</summary>
public sealed class Forgetting
{
    [Fact]
    public async Task Removes_what_the_plan_says_and_nothing_else()
    {
        await using var vault = await FolderVault.MakeAsync();
        for (var day = 0; day < 10; day++)
        {
            await vault.AddAsync(Snapshot(day * 86_400));
        }

        var plan = ForgetPlan.Make((await vault.ListAsync()).Snapshots, new() { Policy = new() { Daily = 3 } }, TimeProvider.System);
        var kept = plan.Groups.Single().Keep;
        Assert.Equal([2, 1, 0], kept.Select(k => k.Counters.Daily));
        Assert.All(kept, k => Assert.Equal(["daily snapshot"], k.Reasons));
        var outcome = await VaultForget.RemoveAsync(vault.Vault, [.. plan.Remove.Select(s => s.Id), ObjectId.Of("gone"u8)], null, CancellationToken.None);
        Assert.Equal((8, 0), (outcome.Removed.Count, outcome.Kept.Count));
        Assert.Equal(kept.Select(k => k.Snapshot.Id).Reverse(), (await vault.ListAsync()).Snapshots.Select(s => s.Id));
    }

    [Fact]
    public void Refuses_to_empty_a_group()
    {
        StoredSnapshot[] snapshots = [Stored(Snapshot(1) with { Tags = ["a"] }), Stored(Snapshot(2) with { Hostname = "other" })];
        Refuse(new() { Policy = new() });
        Refuse(new() { Policy = new() { Tags = [TagList.Parse("a")] } });
        Refuse(new() { Policy = new(), AllowRemovingAll = true });
        Refuse(new() { Policy = new() { Daily = -2 } });
        var wanted = new ForgetWanted { Policy = new(), AllowRemovingAll = true, Filter = new() { Hosts = ["other"] } };
        Assert.Equal([snapshots[1]], ForgetPlan.Make(snapshots, wanted, TimeProvider.System).Remove);

        void Refuse(ForgetWanted refused) =>
            Assert.Equal(VaultFault.Misuse, Assert.Throws<VaultException>(() => ForgetPlan.Make(snapshots, refused, TimeProvider.System)).Fault);
    }

    [Fact]
    public async Task Says_what_an_append_only_server_kept()
    {
        await using var server = await RestServer.StartAsync("--append-only");
        await using var vault = await server.InitAsync(TimeProvider.System);
        var id = await vault.SaveAsync(ObjectKind.Snapshot, Snapshot(1).Write(), CancellationToken.None);
        var outcome = await VaultForget.RemoveAsync(vault, [id], null, CancellationToken.None);
        Assert.Empty(outcome.Removed);
        Assert.Equal((id, VaultFault.Denied), (outcome.Kept.Single().Id, outcome.Kept.Single().Problem.Fault));
        Assert.Single((await SnapshotSurvey.ListAsync(vault, CancellationToken.None)).Snapshots);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" 1y5m7d2h ", "1y5m7d2h")]
    [InlineData("2h3y2h", "3y2h")]
    public void Reads_durations(string text, string shown) => Assert.Equal(shown, CalendarDuration.Parse(text).ToString());

    [Theory]
    [InlineData("5")]
    [InlineData("d")]
    [InlineData("-5d")]
    [InlineData("3w")]
    [InlineData("99999999999999999999d")]
    [InlineData("1y 5m")]
    public void Refuses_what_is_no_duration(string text) => Assert.Equal(VaultFault.Misuse, Assert.Throws<VaultException>(() => CalendarDuration.Parse(text)).Fault);

    [Fact]
    public void Words_a_policy_as_restic_does()
    {
        var policy = new ForgetPolicy
        {
            Last = 3,
            Weekly = ForgetPolicy.ParseCount("unlimited"),
            WithinDaily = CalendarDuration.Parse("7d"),
            Within = CalendarDuration.Parse("2h"),
            Tags = [TagList.Parse("a,b"), TagList.Parse("c")],
        };
        Assert.Equal("keep 3 latest, all weekly snapshots, daily snapshots within 7d and all snapshots with tags [[a, b] [c]] and all snapshots within 2h of the newest", policy.ToString());
        Assert.Equal("remove", new ForgetPolicy().ToString());
    }

    private static StoredSnapshot Stored(SnapshotFile file) => new(ObjectId.Of(file.Write()), file);

    private static SnapshotFile Snapshot(long time) => new() { Time = new(time, 0, 0), Tree = ObjectId.Of("tree"u8), Paths = ["/srv"], Hostname = "host" };
}
