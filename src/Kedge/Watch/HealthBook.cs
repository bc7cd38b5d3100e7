using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Watch;

/// <summary>Which services are down, folded from the journal.</summary>
public sealed class HealthBook : IFold
{
    private readonly Dictionary<(ServiceName, SiteName), ServiceDown> downs = [];

    public IReadOnlyCollection<ServiceDown> Downs => downs.Values;

    public ServiceDown? Find(ServiceName service, SiteName site) => downs.GetValueOrDefault((service, site));

    public void Apply(JournalEntry entry)
    {
        switch (entry.Event)
        {
            case ServiceDown e:
                downs[(e.Service, e.Site)] = e;
                break;
            case ServiceUp e:
                downs.Remove((e.Service, e.Site));
                break;

            // A run saw it serve end to end: whatever failed there while it was still being moved is over.
            case ServiceServing e:
                downs.Remove((e.Service, e.Site));
                break;

            // What a service left behind at its old site is nobody's outage any more.
            case ActiveSiteChanged e:
                foreach (var key in downs.Keys.Where(k => k.Item1 == e.Service && k.Item2 != e.Site).ToList())
                {
                    downs.Remove(key);
                }

                break;
        }
    }
}
