using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>From here on this version of the plan is in force.</summary>
/// <param name="Source">The canonical text of the plan: what its version is the hash of.</param>
public sealed record PlanAdopted(PlanVersion Version, string Name, string Source) : JournalEvent;
