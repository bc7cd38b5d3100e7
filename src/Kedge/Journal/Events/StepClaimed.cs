namespace Kedge.Journal.Events;

/// <summary>A node is going to work on a step.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
/// <param name="Claim">Grows by one each time the step is claimed or taken over.</param>
public sealed record StepClaimed(RunId Run, string Step, int Claim, NodeIdentity Node) : JournalEvent;
