namespace Kedge.Journal.Events;

/// <summary>A person did, or attests, what a step asked for.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
/// <param name="By">Who, as they named themselves.</param>
/// <param name="Note">What they typed.</param>
public sealed record StepConfirmed(RunId Run, string Step, string By, string Note) : JournalEvent;
