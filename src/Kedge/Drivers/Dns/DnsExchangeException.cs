using System.Net;
using Kedge.Drivers.Dns.Wire;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Dns;

/// <summary>No answer was had that could be believed. The message is for an operator.</summary>
internal sealed class DnsExchangeException(
    ExchangeFailure kind, IPEndPoint server, string says, string hint, bool maybeReceived, Exception? inner = null)
    : Exception($"{server} {says}", inner)
{
    public ExchangeFailure Kind => kind;

    /// <summary>What the server does, to be read after its name.</summary>
    public string Says => says;

    public string Hint => hint;

    /// <summary>True where the server may have done what the request asked for.</summary>
    public bool MaybeReceived => maybeReceived;

    /// <summary>The same, after an earlier attempt of which nobody knows whether it arrived.</summary>
    public DnsExchangeException ThatMayHaveBeenReceived() => new(kind, server, says, hint, maybeReceived: true, InnerException);

    /// <summary>An answer whose signature does not prove that the server accepted ours.</summary>
    /// <param name="now">Seconds since 1970.</param>
    public static DnsExchangeException Distrust(IPEndPoint server, TsigKey key, TsigVerdict verdict, Rcode rcode, long now)
    {
        var (what, hint, maybe) = verdict.Kind switch
        {
            TsigVerdictKind.KeyRefused => (
                $"does not know the key {key} (BADKEY)",
                "compare key-name and key-algorithm with the name server's configuration, and see that the key may update the zone at this very server (Knot says the same of a key that no acl lets update)",
                false),
            TsigVerdictKind.SignatureRefused => (
                $"knows the key {key} with another secret (BADSIG)",
                "compare the secret with the name server's: base64, whole, on one line",
                false),
            TsigVerdictKind.TimeRefused => (
                $"refuses the time of the signature (BADTIME): its clock {Apart(verdict.Time, now)}",
                $"set both clocks by the same source (NTP); {Tsig.Fudge} s apart is the most that a signature tolerates",
                false),
            TsigVerdictKind.Stale => (
                $"signs its answers at another time: its clock {Apart(verdict.Time, now)}",
                $"set both clocks by the same source (NTP); {Tsig.Fudge} s apart is the most that a signature tolerates",
                true),
            TsigVerdictKind.OtherKey => (
                $"answers with another key than {key}",
                "compare key-name and key-algorithm with the name server's configuration",
                true),
            TsigVerdictKind.Forged => (
                $"answers with a signature that does not fit the key {key}",
                "compare the secret with the name server's; if they are the same, something between here and there changes messages",
                true),
            _ => (
                $"answers {RcodeText.Name(rcode)} without a signature",
                $"see that the key {key} is set up at the name server, and that what answers there is the name server",
                rcode is Rcode.NoError),
        };
        return new(ExchangeFailure.Distrusted, server, what, hint, maybe);
    }

    private static string Apart(long? serverTime, long now) => serverTime switch
    {
        null => "differs",
        _ when serverTime > now => $"is {Durations.Show(TimeSpan.FromSeconds(serverTime.Value - now))} ahead of this one",
        _ => $"is {Durations.Show(TimeSpan.FromSeconds(now - serverTime.Value))} behind this one",
    };
}

/// <summary>Why there is no answer.</summary>
internal enum ExchangeFailure
{
    /// <summary>Nothing came back in time.</summary>
    Silent,

    /// <summary>The network, or the machine, says that nobody is there.</summary>
    Unreachable,

    /// <summary>Something came back that the key does not vouch for.</summary>
    Distrusted,
}
