using Kedge.Demo.Client;

namespace Kedge.Demo.Story;

/// <summary>What the client's ledger amounts to.</summary>
internal sealed class OrderFigures
{
    private readonly HashSet<long> acknowledgedOrders = [];
    private readonly List<OrderOutcome> outcomes = [];

    public long Acknowledged => acknowledgedOrders.Count;

    public long Refused { get; private set; }

    public DateTimeOffset? LastAcknowledged { get; private set; }

    /// <summary>Numbers of all acknowledged orders: each must be in the database.</summary>
    public IReadOnlySet<long> AcknowledgedOrders => acknowledgedOrders;

    /// <summary>In the order in which their outcomes were known.</summary>
    public IReadOnlyList<OrderOutcome> Outcomes => outcomes;

    public void Add(IEnumerable<OrderOutcome> more)
    {
        foreach (var outcome in more)
        {
            outcomes.Add(outcome);
            if (outcome.Refused is null)
            {
                acknowledgedOrders.Add(outcome.Order);
                LastAcknowledged = outcome.At;
            }
            else
            {
                Refused++;
            }
        }
    }

    /// <summary>
    /// From a disaster to the first order that was placed after it and acknowledged at an address: the recovery time as a
    /// customer sees it. Null while there is none.
    /// </summary>
    public TimeSpan? RecoveryTime(DateTimeOffset disaster, string address) =>
        outcomes.FirstOrDefault(o => o.Refused is null && o.At > disaster && o.Address == address) is { } first
            ? first.At - disaster
            : null;

    /// <summary>
    /// How far back the recovered copy is behind the outage: from the newest order that it kept of those acknowledged before
    /// the first lost one. Killing many processes takes a while, so the outage is no earlier than the last lost order.
    /// </summary>
    public TimeSpan LostTime(DateTimeOffset disaster, IReadOnlyList<OrderOutcome> lost)
    {
        if (lost.Count == 0)
        {
            return TimeSpan.Zero;
        }

        var (first, last) = (lost.Min(o => o.At), lost.Max(o => o.At));
        var kept = outcomes.LastOrDefault(o => o.Refused is null && o.At < first)?.At ?? first;
        return (last > disaster ? last : disaster) - kept;
    }

    /// <summary>Longest time without an acknowledged order between two moments; the whole time where there was none.</summary>
    public TimeSpan LongestSilence(DateTimeOffset from, DateTimeOffset to)
    {
        var longest = TimeSpan.Zero;
        var last = outcomes.LastOrDefault(o => o.Refused is null && o.At <= from)?.At ?? from;
        foreach (var at in outcomes.Where(o => o.Refused is null && o.At > from && o.At <= to).Select(o => o.At).Append(to))
        {
            longest = at - last > longest ? at - last : longest;
            last = at;
        }

        return longest;
    }

    public long RefusedBetween(DateTimeOffset from, DateTimeOffset to) =>
        outcomes.Count(o => o.Refused is not null && o.At > from && o.At <= to);

    /// <summary>Acknowledged and refused orders in each of a number of equal times from <paramref name="from"/> on.</summary>
    public IReadOnlyList<(int Acknowledged, int Refused)> Count(DateTimeOffset from, TimeSpan each, int times)
    {
        var counts = new (int Acknowledged, int Refused)[times];
        foreach (var outcome in outcomes)
        {
            var at = (outcome.At - from).Ticks / each.Ticks;
            if (outcome.At >= from && at < times)
            {
                counts[at] = outcome.Refused is null
                    ? counts[at] with { Acknowledged = counts[at].Acknowledged + 1 }
                    : counts[at] with { Refused = counts[at].Refused + 1 };
            }
        }

        return counts;
    }
}
