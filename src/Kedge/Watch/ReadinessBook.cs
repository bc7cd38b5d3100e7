using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Watch;

/// <summary>When each service was last proven ready, and under what plan and world, folded from the journal.</summary>
public sealed class ReadinessBook : IFold
{
    private readonly Dictionary<ServiceName, LastVerification> verified = [];

    /// <summary>Null where the service was never verified.</summary>
    public LastVerification? Find(ServiceName service) => verified.GetValueOrDefault(service);

    public void Apply(JournalEntry entry)
    {
        if (entry.Event is ReadinessVerified e)
        {
            verified[e.Service] = new(entry.At, e);
        }
    }
}

/// <summary>A verification and its time.</summary>
public sealed record LastVerification(DateTimeOffset At, ReadinessVerified What);
