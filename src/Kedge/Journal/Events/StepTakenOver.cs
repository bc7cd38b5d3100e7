namespace Kedge.Journal.Events;

/// <summary>A step that a node had claimed is free again: that node is dead, killed if need be.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
/// <param name="Claim">Grows by one each time the step is claimed or taken over.</param>
public sealed record StepTakenOver(RunId Run, string Step, int Claim, NodeIdentity From, string Because) : JournalEvent;
