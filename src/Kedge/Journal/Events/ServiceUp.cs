using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>The checks of a service succeed again at a site.</summary>
public sealed record ServiceUp(ServiceName Service, SiteName Site, DateTimeOffset Since) : JournalEvent;
