namespace Kedge.Journal.Events;

/// <summary>An attempt failed.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
/// <param name="RetryAt">When it is tried again by itself; null where that is over.</param>
public sealed record StepFailed(RunId Run, string Step, int Attempt, StepFailure Failure, DateTimeOffset? RetryAt) : JournalEvent;
