using System.Net;
using Kedge.Drivers.Dns.Wire;
using Xunit;
using Signature = Kedge.Drivers.Dns.Wire.Tsig;

namespace Kedge.Tests.Drivers.Dns.Wire;

/// <summary>
/// Signatures (RFC 8945) beside those of other implementations: requests of nsupdate 9.18 and kdig 3.2, answers of named
/// 9.18 and knotd 3.2, as they went over the wire.
/// </summary>
public class SignedMessages
{
    private const string Secret = "a2VkZ2Utc2hhcmVkLXNlY3JldC1mb3ItdGVzdHMtMDE=";

    private const string Request256 =
        "2474280000010001000200010473686f70076578616d706c650000060001066f7264657273c00c00010001000000000004c000020bc01e000100ff00"
        + "0000000000c01e00010001000000010004c000020b056b656467650000fa00ff00000000003d0b686d61632d7368613235360000006b0183b3012c00"
        + "20895d385841189a6038cc9e54c1da79faf9efd4dff9e0dd7f92467a401e12640b247400000000";

    private const string Answer256 =
        "2474a80000010000000000010473686f70076578616d706c650000060001056b656467650000fa00ff00000000003d0b686d61632d73686132353600"
        + "00006b0183b3012c0020dae12e6d223208517f6c8f2541343b56a16fb027a4ccbe6694761e30ea00e8d3247400000000";

    private const string Request384 =
        "496b280000010001000200010473686f70076578616d706c650000060001066f7264657273c00c00010001000000000004c000020bc01e000100ff00"
        + "0000000000c01e00010001000000010004c000020b066b65646765330000fa00ff00000000004d0b686d61632d7368613338340000006b0183b3012c"
        + "00302bbc889c6133b5e74cdcf4a58869f5b6071338d2ace60d87d1177739698f7ad522fdb701459361ae4ba752bcd7cba17d496b00000000";

    private const string Answer384 =
        "496ba80000010000000000010473686f70076578616d706c650000060001066b65646765330000fa00ff00000000004d0b686d61632d736861333834"
        + "0000006b0183b3012c0030112ae9ad2addebf7782819bd3da30704af3dd2fbd512caea931542201cd5168096fc833dccfd6e6f1833a4db9ffcd89349"
        + "6b00000000";

    private const string Request512 =
        "23d1280000010001000200010473686f70076578616d706c650000060001066f7264657273c00c00010001000000000004c000020bc01e000100ff00"
        + "0000000000c01e00010001000000010004c000020b066b65646765350000fa00ff00000000005d0b686d61632d7368613531320000006b0183b4012c"
        + "0040e3f15206585a0e27d25e581c9515772edd35b86be5d04811407388b714ec05c0a21e15b5d31cb83ba7c9417e2290eb3d215df1908cad97797f29"
        + "d584e23ba28523d100000000";

    private const string Answer512 =
        "23d1a80000010000000000010473686f70076578616d706c650000060001066b65646765350000fa00ff00000000005d0b686d61632d736861353132"
        + "0000006b0183b4012c0040064dbb065f4019ca233ef963ad6d156f1e8947d127caf18438ce73463f773f5d8304700fa4cff8329883c3f7b4da86613c"
        + "73ecbd628c30c657be514c363e172a23d100000000";

    private const string KnotRequest =
        "733b002000010000000000010473686f70076578616d706c650000060001056b656467650000fa00ff00000000003d0b686d61632d73686132353600"
        + "00006b0183cb012c0020a06042a76a64149c79fb8a7e1bf23ccd1d71e314a948d68e29221f8094580d63733b00000000";

    private const string KnotAnswer =
        "733b840000010001000000010473686f70076578616d706c650000060001c00c0006000100000e100027036e7331c00c0a686f73746d6173746572c0"
        + "0c0000000100000e1000000258000151800000003c056b656467650000fa00ff00000000003d0b686d61632d7368613235360000006b0183cb012c00"
        + "20bca05d5b917feac6529ad5d564399a7d0e6787be3aa1896427b4701a80aa0a0e733b00000000";

    private const string BadKeyAnswer =
        "6b12a80900010000000000010473686f70076578616d706c65000006000108737472616e6765720000fa00ff00000000001d0b686d61632d73686132"
        + "35360000006b0183c9012c00006b1200110000";

    private const string BadSignatureAnswer =
        "276da80900010000000000010473686f70076578616d706c650000060001056b656467650000fa00ff00000000001d0b686d61632d73686132353600"
        + "00006b0183c9012c0000276d00100000";

    [Theory]
    [InlineData("kedge", "hmac-sha256", Request256, Answer256)]
    [InlineData("kedge3", "hmac-sha384", Request384, Answer384)]
    [InlineData("kedge5", "hmac-sha512", Request512, Answer512)]
    [InlineData("kedge", "hmac-sha256", KnotRequest, KnotAnswer)]
    public void Others_signatures_are_understood(string name, string algorithm, string request, string answer)
    {
        var key = Key(name, algorithm, Secret);
        var requested = Tsig(request);
        Assert.Equal(TsigVerdictKind.Good, Verify(request, key, Octets.Empty, requested.TimeSigned).Kind);
        Assert.Equal(TsigVerdictKind.Good, Verify(answer, key, requested.Mac, requested.TimeSigned).Kind);
    }

    [Theory]
    [InlineData("kedge", "hmac-sha256")]
    [InlineData("kedge3", "hmac-sha384")]
    [InlineData("kedge5", "hmac-sha512")]
    public void A_signature_of_ours_is_one_that_verifies(string name, string algorithm)
    {
        var key = Key(name, algorithm, Secret);
        var signed = Signature.Sign(Update(), key, 1_700_000_000, [], TsigError.None, Octets.Empty);
        Assert.Equal(TsigVerdictKind.Good, Signature.Verify(signed.Wire, key, [], 1_700_000_000).Kind);
        Assert.Equal(key.Algorithm.MacLength, signed.Mac.Length);
    }

    [Fact]
    public void Our_signature_over_knots_request_is_kdigs()
    {
        var request = MessageReader.Read(Convert.FromHexString(KnotRequest));
        var unsigned = request with { Additional = [] };
        var signed = Signature.Sign(
            unsigned, Key("kedge", "hmac-sha256", Secret), Tsig(KnotRequest).TimeSigned, [], TsigError.None, Octets.Empty);
        Assert.Equal(KnotRequest, Convert.ToHexStringLower(signed.Wire));
    }

    [Fact]
    public void Any_changed_byte_is_noticed()
    {
        var key = Key("kedge", "hmac-sha256", Secret);
        var mac = Tsig(KnotRequest).Mac;
        var good = Convert.FromHexString(KnotAnswer);
        for (var i = 0; i < good.Length; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= 0x01;
            TsigVerdictKind kind;
            try
            {
                kind = Signature.Verify(bad, key, mac.Span, Tsig(KnotRequest).TimeSigned).Kind;
            }
            catch (DnsFormatException)
            {
                continue;
            }

            // The identifier is matched against the request's; the signature is made over the original one.
            Assert.True(kind is not TsigVerdictKind.Good || i < 2, $"byte {i} was changed and the signature taken for good");
        }
    }

    [Fact]
    public void An_answer_to_another_request_is_forged() =>
        Assert.Equal(
            TsigVerdictKind.Forged,
            Verify(Answer256, Key("kedge", "hmac-sha256", Secret), Tsig(KnotRequest).Mac, Tsig(Answer256).TimeSigned).Kind);

    [Fact]
    public void Another_secret_is_noticed() =>
        Assert.Equal(
            TsigVerdictKind.Forged,
            Verify(Answer256, Key("kedge", "hmac-sha256", "b3RoZXI="), Tsig(Request256).Mac, Tsig(Answer256).TimeSigned).Kind);

    [Fact]
    public void Another_key_or_algorithm_is_noticed()
    {
        var mac = Tsig(Request256).Mac;
        Assert.Equal(TsigVerdictKind.OtherKey, Verify(Answer256, Key("other", "hmac-sha256", Secret), mac, 0).Kind);
        Assert.Equal(TsigVerdictKind.OtherKey, Verify(Answer256, Key("kedge", "hmac-sha512", Secret), mac, 0).Kind);
    }

    [Theory]
    [InlineData(300, TsigVerdictKind.Good)]
    [InlineData(-300, TsigVerdictKind.Good)]
    [InlineData(301, TsigVerdictKind.Stale)]
    [InlineData(-301, TsigVerdictKind.Stale)]
    public void A_signature_holds_for_five_minutes_either_way(int seconds, object kind)
    {
        var signed = Tsig(Answer256).TimeSigned;
        var verdict = Verify(Answer256, Key("kedge", "hmac-sha256", Secret), Tsig(Request256).Mac, signed + seconds);
        Assert.Equal((TsigVerdictKind)kind, verdict.Kind);
        Assert.Equal(seconds is 300 or -300 ? null : signed, verdict.Time);
    }

    [Fact]
    public void A_truncated_signature_is_not_enough()
    {
        var answer = MessageReader.Read(Convert.FromHexString(Answer256));
        var tsig = (TsigData)answer.Signature!.Data;
        var cut = answer.Signature with { Data = tsig with { Mac = new(tsig.Mac.Span[..16].ToArray()) } };
        var wire = MessageWriter.Write(answer with { Additional = [cut] });
        Assert.Equal(
            TsigVerdictKind.Forged,
            Signature.Verify(wire, Key("kedge", "hmac-sha256", Secret), Tsig(Request256).Mac.Span, tsig.TimeSigned).Kind);
    }

    [Fact]
    public void BADKEY_and_BADSIG_are_told_apart_though_nobody_signed_them()
    {
        Assert.Equal(TsigVerdictKind.KeyRefused, Verify(BadKeyAnswer, Key("stranger", "hmac-sha256", Secret), Octets.Empty, 0).Kind);
        Assert.Equal(TsigVerdictKind.SignatureRefused, Verify(BadSignatureAnswer, Key("kedge", "hmac-sha256", Secret), Octets.Empty, 0).Kind);
    }

    [Fact]
    public void BADTIME_is_signed_and_tells_the_servers_clock()
    {
        var key = Key("kedge", "hmac-sha256", Secret);
        var request = Signature.Sign(Update(), key, 1_700_000_000, [], TsigError.None, Octets.Empty);
        var refusal = Update() with { IsResponse = true, Rcode = Rcode.NotAuthoritative, Answers = [], Authority = [] };

        // Section 5.2.3: the client's time in the record, the server's in its other data: 1,700,003,600 is 0x6553ff10.
        var answer = Signature.Sign(
            refusal, key, 1_700_000_000, request.Mac, TsigError.BadTime, new(Convert.FromHexString("00006553ff10")));
        var verdict = Signature.Verify(answer.Wire, key, request.Mac, 1_700_000_000);
        Assert.Equal(TsigVerdict.TimeRefused(1_700_003_600), verdict);
    }

    [Fact]
    public void An_unsigned_answer_is_seen_to_be_one()
    {
        var answer = MessageWriter.Write(Update() with { IsResponse = true });
        Assert.Equal(
            TsigVerdictKind.Unsigned, Signature.Verify(answer, Key("kedge", "hmac-sha256", Secret), [], 0).Kind);
    }

    [Fact]
    public void A_key_shows_its_name_and_never_its_secret() =>
        Assert.Equal("kedge (hmac-sha256)", Key("kedge", "hmac-sha256", Secret).ToString());

    private static DnsMessage Update() => new ZoneUpdate(DnsName.Parse("shop.example"))
        .Replace(DnsName.Parse("orders.shop.example"), 1, IPAddress.Parse("192.0.2.12"))
        .Build(7);

    private static TsigKey Key(string name, string algorithm, string secret) =>
        new(DnsName.Parse(name), TsigAlgorithm.Named(algorithm), Convert.FromBase64String(secret));

    private static TsigData Tsig(string wire) => (TsigData)MessageReader.Read(Convert.FromHexString(wire)).Signature!.Data;

    private static TsigVerdict Verify(string wire, TsigKey key, Octets requestMac, long now) =>
        Signature.Verify(Convert.FromHexString(wire), key, requestMac.Span, now);
}
