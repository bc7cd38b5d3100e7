namespace Kedge.Journal.Events;

/// <summary>A step waits for a person.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
public sealed record StepWaits(RunId Run, string Step, string Instruction) : JournalEvent;
