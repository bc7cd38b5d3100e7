using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>An instance came back with an older epoch and was stopped before it served.</summary>
/// <param name="Epoch">The one that it came back with.</param>
public sealed record InstanceFenced(InstanceId Instance, long Epoch, string Because) : JournalEvent;
