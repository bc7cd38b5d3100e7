using Kedge.Drivers;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Acceptance.Drivers.Dns;

public class WhenAServerIsLost
{
    [Theory]
    [InlineData(NameServerKind.Knot)]
    [InlineData(NameServerKind.Bind)]
    public async Task At_the_lost_site_it_is_not_asked_in_a_failover(NameServerKind kind)
    {
        await using var zone = await ShopZone.StartAsync(kind, secondaries: 1);
        var point = ShopZone.Driver().Actions["point"];
        var lost = zone.Secondaries[0];
        (string, object?)[] options =
        [
            // Listed first, so that it would take the update if it did not stand at the lost site.
            ("servers", (IReadOnlyList<string>)[lost.EndPoint.ToString(), zone.Primary.EndPoint.ToString()]),
            ("server-sites", new Dictionary<string, string> { [lost.EndPoint.ToString()] = "east" }),
        ];
        await lost.KillAsync();

        var failover = zone.Step(RunKind.Failover, "east", "west", options);
        await point.ActAsync(failover, CancellationToken.None);
        var verified = await point.VerifyAsync(failover, CancellationToken.None);
        Assert.Equal(JudgementKind.Done, verified.Kind);
        Assert.DoesNotContain(lost.EndPoint.ToString(), verified.What, StringComparison.Ordinal);

        // In a planned move nothing is lost: each server has to follow.
        var planned = await point.JudgeAsync(zone.Step(RunKind.Switchover, "east", "west", options), CancellationToken.None);
        Assert.Equal(JudgementKind.NotYet, planned.Kind);
        Assert.Equal($"{lost.EndPoint} cannot be reached: nothing listens there", planned.What);
        Assert.Contains("see whether the name server runs", planned.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secondary_that_hangs_is_named_until_it_has_followed()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot, secondaries: 1);
        var point = ShopZone.Driver().Actions["point"];
        var step = zone.Step(RunKind.Switchover, "east", "west");
        var slow = zone.Secondaries[0];
        slow.Pause();

        await point.ActAsync(step, CancellationToken.None);
        var hanging = await point.VerifyAsync(step, CancellationToken.None);
        slow.Resume();

        Assert.Equal(JudgementKind.NotYet, hanging.Kind);
        Assert.Equal($"{slow.EndPoint} does not answer", hanging.What);
        await PointingAName.VerifyAsync(point, step);
    }

    [Fact]
    public async Task A_server_that_was_never_told_is_named_with_what_it_still_gives_out()
    {
        // Two primaries that know nothing of each other stand for a secondary that notifications do not reach.
        await using var told = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var untold = await ShopZone.StartAsync(NameServerKind.Knot);
        var point = ShopZone.Driver().Actions["point"];
        var step = told.Step(
            RunKind.Switchover, "east", "west", ("servers", (IReadOnlyList<string>)[.. told.Servers.Concat(untold.Servers).Select(s => s.ToString())]));

        await point.ActAsync(step, CancellationToken.None);
        var judgement = await point.VerifyAsync(step, CancellationToken.None);
        Assert.Equal(JudgementKind.NotYet, judgement.Kind);
        Assert.Equal($"{untold.Primary.EndPoint} answers 192.0.2.11 (time to live 1s)", judgement.What);
        Assert.Contains("NOTIFY", judgement.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_primary_has_certainly_written_nothing()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await zone.Primary.KillAsync();
        var error = await Assert.ThrowsAsync<DriverException>(() => ShopZone.Driver().Actions["point"].ActAsync(
            zone.Step(RunKind.Failover, "east", "west"), CancellationToken.None));
        Assert.Contains("nothing listens there", error.Message, StringComparison.Ordinal);
        Assert.False(error.OutcomeUnknown);
    }

    [Fact]
    public async Task A_primary_that_hangs_at_the_update_may_have_written()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        relay.OnRequest = request => Task.FromResult(DnsRelay.IsUpdate(request) ? null : request);
        var error = await Assert.ThrowsAsync<DriverException>(() => ShopZone.Driver().Actions["point"].ActAsync(
            zone.Step(RunKind.Failover, "east", "west", ("servers", WhenSomebodyElseWrites.Only(relay))), CancellationToken.None));
        Assert.True(error.OutcomeUnknown);
    }

    [Fact]
    public async Task With_no_server_left_it_says_so_before_and_during_the_disaster()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        var point = ShopZone.Driver().Actions["point"];
        var step = zone.Step(
            RunKind.Failover, "east", "west", ("server-sites", new Dictionary<string, string> { [zone.Primary.EndPoint.ToString()] = "east" }));
        Assert.Equal(JudgementKind.Impossible, (await point.JudgeAsync(step, CancellationToken.None)).Kind);
        await Assert.ThrowsAsync<DriverException>(() => point.ActAsync(step, CancellationToken.None));
        Assert.Contains("none is left", Assert.Single(await point.PreflightAsync(step, CancellationToken.None)).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_at_once()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        zone.Primary.Pause();
        using var cancellation = new CancellationTokenSource();
        var acting = ShopZone.Driver().Actions["point"].ActAsync(zone.Step(RunKind.Failover, "east", "west"), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => acting);
        zone.Primary.Resume();
    }
}
