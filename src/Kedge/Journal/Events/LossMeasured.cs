using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>What the recovered copy of a data store lacks.</summary>
public sealed record LossMeasured(RunId Run, ComponentId Component, AchievedLoss Loss) : JournalEvent;
