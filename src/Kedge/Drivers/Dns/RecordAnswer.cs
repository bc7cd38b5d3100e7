using System.Net;
using Kedge.Drivers.Dns.Wire;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Dns;

/// <summary>What one name server said when it was asked for the record.</summary>
/// <param name="Addresses">Sorted; empty unless <paramref name="Kind"/> is Addresses.</param>
/// <param name="Ttl">In seconds; 0 unless there are addresses.</param>
/// <param name="Says">For people: what it answers, to be read after the server's name.</param>
/// <param name="Hint">What an operator may do about it; null where it is fine.</param>
internal sealed record RecordAnswer(
    IPEndPoint Server, AnswerKind Kind, IReadOnlyList<IPAddress> Addresses, uint Ttl, string Says, string? Hint)
{
    /// <summary>True where it gives out this address and no other.</summary>
    public bool PointsAt(IPAddress address) => Addresses.Count == 1 && Addresses[0].Equals(address);

    /// <summary>The record as it stands there, or nothing: what a value-dependent prerequisite can be made of.</summary>
    public bool IsKnown => Kind is AnswerKind.Addresses or AnswerKind.Absent;

    public static RecordAnswer Silent(IPEndPoint server, string says, string hint) =>
        new(server, AnswerKind.NoAnswer, [], 0, says, hint);

    public static RecordAnswer Read(IPEndPoint server, DnsSettings settings, DnsMessage message)
    {
        if (message.Rcode is not (Rcode.NoError or Rcode.NoSuchName))
        {
            return new(
                server, AnswerKind.NotAuthoritative, [], 0, $"answers {RcodeText.Name(message.Rcode)}", RcodeText.Hint(message.Rcode, settings.Zone));
        }

        if (!message.Authoritative)
        {
            return new(
                server,
                AnswerKind.NotAuthoritative,
                [],
                0,
                $"answers without authority for {settings.Zone}",
                $"list only authoritative servers of zone {settings.Zone}, and see that the zone is loaded there");
        }

        var own = message.Answers.Where(r => r.Name == settings.Name).ToList();
        if (own.FirstOrDefault(r => r.Type is RecordType.CNAME)?.Data is HostData alias)
        {
            return new(
                server,
                AnswerKind.Alias,
                [],
                0,
                $"says that {settings.Name} is another name for {alias}",
                $"delete the CNAME record of {settings.Name}, or let the component move the name that it leads to");
        }

        var records = own.Where(r => r.Type == settings.Type && r.Data is AddressData).ToList();
        if (records.Count == 0)
        {
            return new(server, AnswerKind.Absent, [], 0, $"has no {settings.Type} record of that name", null);
        }

        IReadOnlyList<IPAddress> addresses =
            [.. records.Select(r => ((AddressData)r.Data).Address).OrderBy(a => a.ToString(), StringComparer.Ordinal)];
        var ttl = records.Max(r => r.Ttl);
        return new(
            server,
            AnswerKind.Addresses,
            addresses,
            ttl,
            $"answers {string.Join(", ", addresses)} (time to live {Durations.Show(TimeSpan.FromSeconds(ttl))})",
            null);
    }

    public override string ToString() => $"{Server} {Says}";
}

/// <summary>Kinds of <see cref="RecordAnswer"/>.</summary>
internal enum AnswerKind
{
    /// <summary>With authority: these addresses.</summary>
    Addresses,

    /// <summary>With authority: no such record.</summary>
    Absent,

    /// <summary>With authority: the name is an alias, which can have no addresses of its own.</summary>
    Alias,

    /// <summary>It answers, but not with authority for the zone.</summary>
    NotAuthoritative,

    /// <summary>Nothing came back, or nothing that can be believed.</summary>
    NoAnswer,
}
