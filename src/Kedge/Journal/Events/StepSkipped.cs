namespace Kedge.Journal.Events;

/// <summary>An operator let the run go on without a step; a step that is not required is skipped by itself when it fails.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
/// <param name="By">Who, as they named themselves.</param>
public sealed record StepSkipped(RunId Run, string Step, string Reason, string By) : JournalEvent;
