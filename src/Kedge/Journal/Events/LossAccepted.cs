using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>A person accepted by name that a data store may lose more than its RPO, or an unknown amount.</summary>
/// <param name="By">Who, as they named themselves.</param>
public sealed record LossAccepted(RunId Run, ComponentId Component, string By) : JournalEvent;
