using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>From here on a service is served at another site.</summary>
public sealed record ActiveSiteChanged(ServiceName Service, SiteName Site, RunId Run) : JournalEvent;
