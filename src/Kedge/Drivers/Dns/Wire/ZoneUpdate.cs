using System.Net;
using System.Net.Sockets;

namespace Kedge.Drivers.Dns.Wire;

/// <summary>Builds updates (RFC 2136): what must hold, and what is to change if it does, all or nothing.</summary>
internal sealed class ZoneUpdate(DnsName zone)
{
    private readonly List<ResourceRecord> prerequisites = [];
    private readonly List<ResourceRecord> updates = [];

    /// <summary>Section 2.4.1: the set exists, whatever it holds.</summary>
    public ZoneUpdate RequireExists(DnsName name, RecordType type)
    {
        prerequisites.Add(new(name, type, RecordClass.ANY, 0, OpaqueData.None));
        return this;
    }

    /// <summary>
    /// Sections 2.4.2 and 2.4.3: the set holds exactly these addresses; for none of them, it does not exist. Times to
    /// live are not compared.
    /// </summary>
    public ZoneUpdate RequireExactly(DnsName name, RecordType type, IReadOnlyCollection<IPAddress> addresses)
    {
        if (addresses.Count == 0)
        {
            prerequisites.Add(new(name, type, RecordClass.NONE, 0, OpaqueData.None));
        }

        prerequisites.AddRange(addresses.Select(a => new ResourceRecord(name, type, RecordClass.IN, 0, new AddressData(a))));
        return this;
    }

    /// <summary>Sections 2.5.2 and 2.5.1: deletes the set, then adds the address to it.</summary>
    public ZoneUpdate Replace(DnsName name, uint ttl, IPAddress address)
    {
        var type = TypeOf(address);
        updates.Add(new(name, type, RecordClass.ANY, 0, OpaqueData.None));
        updates.Add(new(name, type, RecordClass.IN, ttl, new AddressData(address)));
        return this;
    }

    public static RecordType TypeOf(IPAddress address) =>
        address.AddressFamily is AddressFamily.InterNetworkV6 ? RecordType.AAAA : RecordType.A;

    public DnsMessage Build(ushort id) => new()
    {
        Id = id,
        Opcode = Opcode.Update,
        Questions = [new(zone, RecordType.SOA, RecordClass.IN)],
        Answers = prerequisites,
        Authority = updates,
    };
}
