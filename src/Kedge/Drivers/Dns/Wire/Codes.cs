namespace Kedge.Drivers.Dns.Wire;

/// <summary>Types of records that the codec knows by structure; any other is carried as bytes (RFC 3597).</summary>
internal enum RecordType : ushort
{
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    TXT = 16,
    AAAA = 28,
    TSIG = 250,
    ANY = 255,
}

/// <summary>Classes. An update gives two of them a meaning of their own (RFC 2136, sections 2.4 and 2.5).</summary>
internal enum RecordClass : ushort
{
    IN = 1,

    /// <summary>In a prerequisite: does not exist. In an update: delete this very record.</summary>
    NONE = 254,

    /// <summary>In a prerequisite: exists. In an update: delete the whole set.</summary>
    ANY = 255,
}

/// <summary>What a message asks for.</summary>
internal enum Opcode : byte
{
    Query = 0,
    Notify = 4,
    Update = 5,
}

/// <summary>How a server answered (RFC 1035, RFC 2136).</summary>
internal enum Rcode : byte
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,

    /// <summary>NXDOMAIN: no such name; of an update, a name that should exist does not.</summary>
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,

    /// <summary>YXDOMAIN: a name that should not exist does.</summary>
    NameExists = 6,

    /// <summary>YXRRSET: a set of records that should not exist does.</summary>
    SetExists = 7,

    /// <summary>NXRRSET: a set of records that should exist does not, or has other values.</summary>
    NoSuchSet = 8,

    /// <summary>NOTAUTH: not authoritative for the zone, or the signature was not accepted (RFC 8945).</summary>
    NotAuthoritative = 9,

    /// <summary>NOTZONE: a name of the update is outside the zone.</summary>
    NotInZone = 10,
}

/// <summary>The error field of a TSIG record (RFC 8945, section 3).</summary>
internal enum TsigError : ushort
{
    None = 0,
    BadSignature = 16,
    BadKey = 17,
    BadTime = 18,
    BadTruncation = 22,
}
