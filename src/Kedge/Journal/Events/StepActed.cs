namespace Kedge.Journal.Events;

/// <summary>The act returned.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
/// <param name="Claim">Grows by one each time the step is claimed or taken over.</param>
/// <param name="Report">What the driver said that it did.</param>
public sealed record StepActed(RunId Run, string Step, int Claim, int Attempt, string Report) : JournalEvent;
