using Kedge.Drivers;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Acceptance.Drivers.Dns;

public class WhenTheKeyIsWrong
{
    public static TheoryData<NameServerKind> Kinds => [NameServerKind.Knot, NameServerKind.Bind];

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_name_that_the_server_does_not_know_is_said_to_be_one(NameServerKind kind) => RefusedAsync(
        kind, TimeProvider.System, ShopZone.Key, "does not know the key stranger (hmac-sha256) (BADKEY)", "compare key-name", ("key-name", "stranger"));

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task An_algorithm_that_the_server_does_not_expect_is_said_to_be_one(NameServerKind kind) => RefusedAsync(
        kind, TimeProvider.System, ShopZone.Key, "does not know the key kedge (hmac-sha512) (BADKEY)", "key-algorithm", ("key-algorithm", "hmac-sha512"));

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_secret_that_differs_is_said_to_differ(NameServerKind kind) => RefusedAsync(
        kind, TimeProvider.System, ShopZone.Key with { Secret = "b3RoZXItc2VjcmV0" }, "with another secret (BADSIG)", "compare the secret");

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_clock_that_is_slow_is_said_to_be_behind_the_servers(NameServerKind kind) => RefusedAsync(
        kind, new SkewedClock(-TimeSpan.FromMinutes(61)), ShopZone.Key, "(BADTIME): its clock is 1h", "NTP");

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_clock_that_is_fast_is_said_to_be_ahead_of_the_servers(NameServerKind kind) => RefusedAsync(
        kind, new SkewedClock(TimeSpan.FromHours(1)), ShopZone.Key, "behind this one", "NTP");

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_key_that_may_only_read_is_told_what_it_lacks(NameServerKind kind) => RefusedAsync(
        kind, TimeProvider.System, ShopZone.Key, kind is NameServerKind.Knot ? "BADKEY" : "REFUSED", "update", ("key-name", "reader"));

    [Fact]
    public Task A_secret_that_is_no_base64_is_not_shown() => RefusedAsync(
        NameServerKind.Knot, TimeProvider.System, ShopZone.Key with { Secret = "hunter2!" }, "at env:DNS_KEY is not base64", "name server's configuration");

    private static async Task RefusedAsync(
        NameServerKind kind, TimeProvider time, SharedKey key, string what, string hint, params (string Option, object? Value)[] changes)
    {
        await using var zone = await ShopZone.StartAsync(kind);
        var point = ShopZone.Driver(time, key).Actions["point"];
        var step = zone.Step(RunKind.Failover, "east", "west", changes);

        var error = await Assert.ThrowsAsync<DriverException>(() => point.ActAsync(step, CancellationToken.None));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.False(error.OutcomeUnknown);
        Assert.DoesNotContain(key.Secret, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ShopZone.East, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));

        // The same is known before the disaster.
        var findings = await point.PreflightAsync(step, CancellationToken.None);
        var finding = Assert.Single(findings, f => !f.Ok);
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
        Assert.Contains(hint, finding.Fix, StringComparison.Ordinal);
    }
}
