namespace Kedge.Drivers.Dns.Wire;

/// <summary>
/// A DNS message (RFC 1035, section 4). In an update the sections mean zone, prerequisites, updates and additional data
/// (RFC 2136, section 2).
/// </summary>
internal sealed record DnsMessage
{
    public const int HeaderLength = 12;

    public required ushort Id { get; init; }

    public bool IsResponse { get; init; }

    public Opcode Opcode { get; init; }

    /// <summary>AA: the server answers from the zone itself.</summary>
    public bool Authoritative { get; init; }

    /// <summary>TC: cut off; ask again over TCP.</summary>
    public bool Truncated { get; init; }

    public bool RecursionDesired { get; init; }

    public bool RecursionAvailable { get; init; }

    public Rcode Rcode { get; init; }

    /// <summary>Bits 4 to 6 of the flags' second byte (Z, AD, CD), carried as they are.</summary>
    public byte OtherFlags { get; init; }

    /// <summary>An update's zone section.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>An update's prerequisites.</summary>
    public IReadOnlyList<ResourceRecord> Answers { get; init; } = [];

    /// <summary>An update's updates.</summary>
    public IReadOnlyList<ResourceRecord> Authority { get; init; } = [];

    public IReadOnlyList<ResourceRecord> Additional { get; init; } = [];

    /// <summary>The TSIG record; null where there is none. Being the last record is part of its format, so a message with it elsewhere is not read at all.</summary>
    public ResourceRecord? Signature => Additional is [.., { Type: RecordType.TSIG } last] ? last : null;
}

/// <summary>An entry of the question section, or of an update's zone section.</summary>
internal sealed record Question(DnsName Name, RecordType Type, RecordClass Class);

/// <summary>One record.</summary>
/// <param name="Ttl">In seconds.</param>
internal sealed record ResourceRecord(DnsName Name, RecordType Type, RecordClass Class, uint Ttl, RecordData Data);
