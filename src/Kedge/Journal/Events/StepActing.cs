namespace Kedge.Journal.Events;

/// <summary>The intent, on stable storage before the act. From here to StepActed the outcome is unknown.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
/// <param name="Claim">Grows by one each time the step is claimed or taken over.</param>
/// <param name="Attempt">Counts from 1.</param>
/// <param name="Epoch">The epoch under which it acts; null where the step takes none.</param>
public sealed record StepActing(RunId Run, string Step, int Claim, int Attempt, long? Epoch) : JournalEvent;
