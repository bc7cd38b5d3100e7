namespace Kedge.Journal.Events;

/// <summary>An operator asked for another attempt.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
/// <param name="By">Who, as they named themselves.</param>
public sealed record StepRetried(RunId Run, string Step, string By) : JournalEvent;
