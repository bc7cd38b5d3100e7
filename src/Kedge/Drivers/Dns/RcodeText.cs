using Kedge.Drivers.Dns.Wire;

namespace Kedge.Drivers.Dns;

/// <summary>What a server's answer code is called, and what an operator may do about it.</summary>
internal static class RcodeText
{
    public static string Name(Rcode rcode) => rcode switch
    {
        Rcode.NoError => "NOERROR",
        Rcode.FormatError => "FORMERR",
        Rcode.ServerFailure => "SERVFAIL",
        Rcode.NoSuchName => "NXDOMAIN",
        Rcode.NotImplemented => "NOTIMP",
        Rcode.Refused => "REFUSED",
        Rcode.NameExists => "YXDOMAIN",
        Rcode.SetExists => "YXRRSET",
        Rcode.NoSuchSet => "NXRRSET",
        Rcode.NotAuthoritative => "NOTAUTH",
        Rcode.NotInZone => "NOTZONE",
        _ => $"code {(int)rcode}",
    };

    public static string Hint(Rcode rcode, DnsName zone) => rcode switch
    {
        Rcode.FormatError => "the server takes the message for malformed: its log says why",
        Rcode.ServerFailure => $"the server could not do it (zone {zone} not loaded or expired, journal not writable, disk full): its log says why",
        Rcode.NotImplemented => "the server takes no dynamic updates (RFC 2136): turn them on, or name another update-server",
        Rcode.Refused =>
            $"let this key update zone {zone} at the server (Knot: an acl with action update; BIND: allow-update or update-policy), or name the zone's primary as update-server",
        Rcode.NotAuthoritative => $"see that zone {zone} is configured at the server, and that the option zone is spelled as it is there",
        Rcode.NotInZone => $"the option name must be a name in zone {zone}",
        _ => "the server's log says why",
    };
}
