using Kedge.Drivers;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Acceptance.Drivers.Dns;

public class WhenMessagesGoAstray
{
    [Fact]
    public async Task A_lost_answer_is_asked_for_again_and_the_writing_is_known_for_our_own()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        var updates = 0;
        relay.OnAnswer = (answer, _) => DnsRelay.IsUpdate(answer) && ++updates == 1 ? null : answer;

        var done = await PointAsync(zone, relay);

        Assert.Contains("pointed there in the meantime", done, StringComparison.Ordinal);
        Assert.True(updates > 1);
        Assert.Equal(ShopZone.West, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
    }

    [Fact]
    public async Task A_lost_question_is_asked_again()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        var seen = 0;
        relay.OnRequest = request => Task.FromResult(DnsRelay.IsUpdate(request) && ++seen == 1 ? null : request);

        await PointAsync(zone, relay);
        Assert.True(seen > 1);
        Assert.Equal(ShopZone.West, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
    }

    [Fact]
    public async Task Where_UDP_is_dropped_TCP_gets_through()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        relay.OnAnswer = (answer, overTcp) => overTcp ? answer : null;

        await PointAsync(zone, relay);
        Assert.Equal(ShopZone.West, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
    }

    [Fact]
    public async Task A_forged_datagram_is_not_believed_and_the_connection_decides()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        relay.OnAnswer = (answer, overTcp) => DnsRelay.IsUpdate(answer) && !overTcp ? Changed(answer) : answer;

        await PointAsync(zone, relay);
        Assert.Equal(ShopZone.West, await ShopZone.AskAsync(zone.Primary.EndPoint, "orders", "A"));
    }

    [Fact]
    public async Task An_answer_that_is_changed_on_every_way_leaves_the_outcome_open()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        relay.OnAnswer = (answer, _) => DnsRelay.IsUpdate(answer) ? Changed(answer) : answer;

        var error = await Assert.ThrowsAsync<DriverException>(() => PointAsync(zone, relay));
        Assert.Contains("a signature that does not fit the key kedge (hmac-sha256)", error.Message, StringComparison.Ordinal);
        Assert.True(error.OutcomeUnknown);
    }

    [Fact]
    public async Task An_answer_without_a_signature_is_not_believed()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);

        relay.OnAnswer = (answer, _) => DnsRelay.IsUpdate(answer) ? Unsigned(answer) : answer;

        var error = await Assert.ThrowsAsync<DriverException>(() => PointAsync(zone, relay));
        Assert.Contains("without a signature", error.Message, StringComparison.Ordinal);
        Assert.True(error.OutcomeUnknown);
    }

    [Fact]
    public async Task Noise_is_passed_over()
    {
        await using var zone = await ShopZone.StartAsync(NameServerKind.Knot);
        await using var relay = new DnsRelay(zone.Primary.EndPoint);
        var first = true;
        relay.OnAnswer = (answer, _) =>
        {
            // Once, something else comes in the answer's place: another identifier, as a guess would have it.
            var changed = (byte[])answer.Clone();
            changed[0] ^= (byte)(first ? 1 : 0);
            first = false;
            return changed;
        };

        Assert.Contains("has pointed", await PointAsync(zone, relay), StringComparison.Ordinal);
    }

    private static Task<string> PointAsync(ShopZone zone, DnsRelay relay) => ShopZone.Driver().Actions["point"].ActAsync(
        zone.Step(RunKind.Failover, "east", "west", ("servers", WhenSomebodyElseWrites.Only(relay))), CancellationToken.None);

    // Byte 3 holds the answer code: a refusal is made of a success.
    private static byte[] Changed(byte[] answer)
    {
        var changed = (byte[])answer.Clone();
        changed[3] ^= 0x05;
        return changed;
    }

    // Header and the zone section alone, with no additional record.
    private static byte[] Unsigned(byte[] answer)
    {
        const int ZoneSection = 14 + 4;
        var cut = answer[..(12 + ZoneSection)];
        cut[11] = 0;
        return cut;
    }
}
