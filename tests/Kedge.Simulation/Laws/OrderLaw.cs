using Kedge.Journal.Events;
using Kedge.Recover.Run;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation.Laws;

/// <summary>
/// What must have happened by the time that a step's event is appended: the fence before the promotion, the act before its
/// result, the sleeper's death before its claim is another's.
/// </summary>
internal sealed class OrderLaw(Truth truth, ActLaw acts, Func<NodeIdentity, bool> isDead)
{
    /// <summary>The law that an event breaks, and how; null where it breaks none.</summary>
    public (string Law, string How)? Broken(JournalEvent what, SimulatedProcess by) => what switch
    {
        StepActing e when Unfenced(e) is { } open => (Law.FenceFirst, $"{e.Step} begins, and {open.Step.Id} is {open.Status}"),
        StepActed e when !acts.MayReport(by, e.Run, e.Step) => (Law.ActBeforeResult, $"{by} says that {e.Step} was done, and its act has not returned"),
        StepTakenOver e when e.From != by.Identity && Find(e.Run, e.Step)?.Status is StepStatus.Acting && !isDead(e.From)
            => (Law.KillFirst, $"{e.Step} is taken over from {e.From}, which lives and may be at work"),
        _ => null,
    };

    private StepState? Find(RunId run, string step) => truth.State.Runs.Find(run)?.Find(step);

    /// <summary>A fencing step of another copy that is still open while this one is about to become writable.</summary>
    private StepState? Unfenced(StepActing acting) =>
        Find(acting.Run, acting.Step) is { Step: { TakesEpoch: true, Fences: false, Instance: { } instance } }
            ? truth.State.Runs.Find(acting.Run)!.Steps.FirstOrDefault(s => s.Step.Fences
                && s.Step.Instance is { } other && other.Component == instance.Component && other != instance && s.Status is not StepStatus.Done)
            : null;
}
