using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>The service was seen to serve at its new site for the first time.</summary>
public sealed record ServiceServing(RunId Run, ServiceName Service, SiteName Site, DateTimeOffset At) : JournalEvent;
