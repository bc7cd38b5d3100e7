namespace Kedge.Journal.Events;

/// <summary>The step's effect was observed: it is done.</summary>
/// <param name="Step">Identity of the step within the run's recovery plan.</param>
/// <param name="WasDone">True where nothing needed to be done.</param>
/// <param name="InDriver">Time that the driver's calls took since the step was claimed last; the rest is Kedge's own.</param>
public sealed record StepVerified(RunId Run, string Step, string Evidence, bool WasDone, TimeSpan? InDriver = null) : JournalEvent;
