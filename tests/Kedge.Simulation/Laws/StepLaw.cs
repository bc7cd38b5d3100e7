using Kedge.Journal.Events;
using Kedge.Recover.Run;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation.Laws;

/// <summary>
/// What holds of each event of a step: it is one that the step's state allows, in the name of whoever holds the claim.
/// </summary>
internal sealed class StepLaw(Truth truth, ActLaw acts)
{
    public string? Broken(JournalEvent what, RunState run, SimulatedProcess by)
    {
        if (StepOf(what) is not { } id)
        {
            return null;
        }

        if (run.Find(id) is not { } step)
        {
            return $"{run.Id} has no step {id}";
        }

        if (run.Status is not (RunStatus.Running or RunStatus.Paused))
        {
            return $"{run.Id} is {run.Status}";
        }

        return what switch
        {
            StepClaimed e => Broken(e, run, step, by),
            StepTakenOver e => e.From != step.Node ? $"{step.Node?.ToString() ?? "nobody"} holds it"
                : by.Identity != truth.State.Register.Leader ? $"{truth.State.Register.Leader?.ToString() ?? "nobody"} leads" : null,
            StepActing e => Own(step, by, e.Claim) ?? In(step, StepStatus.Claimed)
                ?? (e.Attempt == step.Attempts + 1 ? null : $"attempt {step.Attempts} was the newest"),
            StepActed e => Own(step, by, e.Claim) ?? In(step, StepStatus.Acting),
            StepVerified e => Own(step, by, step.Claim)
                ?? (e.WasDone ? In(step, StepStatus.Claimed, StepStatus.Verifying)
                    : step.Step.Kind is StepKind.Act && !run.Planned.DryRun && !step.Acted ? In(step, StepStatus.Verifying) : In(step, StepStatus.Claimed, StepStatus.Verifying)),
            StepFailed => by.Identity == truth.State.Register.Leader
                ? In(step, StepStatus.Claimed, StepStatus.Acting, StepStatus.Verifying)
                : Own(step, by, step.Claim),
            StepWaits => Own(step, by, step.Claim) ?? In(step, StepStatus.Claimed),
            StepConfirmed => step.Step.Fences ? In(step, StepStatus.Waiting, StepStatus.Failed) : In(step, StepStatus.Waiting),
            StepRetried => Retried(run, step),
            StepSkipped => step.Step.TakesEpoch ? "the epoch hangs on it" : In(step, StepStatus.Failed, StepStatus.Waiting, StepStatus.Pending),
            _ => null,
        };
    }

    private string? Retried(RunState run, StepState step)
    {
        acts.AllowAgain(run.Id, step.Step.Id);
        return In(step, StepStatus.Failed);
    }

    private string? Broken(StepClaimed e, RunState run, StepState step, SimulatedProcess by) =>
        truth.State.Register.Leader != e.Node || e.Node != by.Identity ? $"{truth.State.Register.Leader?.ToString() ?? "nobody"} leads"
        : run.Status is not RunStatus.Running ? $"{run.Id} is {run.Status}"
        : e.Claim != step.Claim + 1 ? $"the newest claim is {step.Claim}"
        : step.Status is not (StepStatus.Pending or StepStatus.Failed) || (step.Status is StepStatus.Failed && step.RetryAt is null) ? $"it is {step.Status}"
        : step.Step.Needs.FirstOrDefault(n => !run.Find(n)!.Over) is { } open ? $"it needs {open}" : null;

    private static string? Own(StepState step, SimulatedProcess by, int claim) =>
        step.Node != by.Identity || step.Claim != claim ? $"{step.Node?.ToString() ?? "nobody"} holds claim {step.Claim}" : null;

    private static string? In(StepState step, params ReadOnlySpan<StepStatus> allowed) => allowed.Contains(step.Status) ? null : $"it is {step.Status}";

    private static string? StepOf(JournalEvent what) => what switch
    {
        StepClaimed e => e.Step,
        StepTakenOver e => e.Step,
        StepActing e => e.Step,
        StepActed e => e.Step,
        StepVerified e => e.Step,
        StepFailed e => e.Step,
        StepWaits e => e.Step,
        StepConfirmed e => e.Step,
        StepRetried e => e.Step,
        StepSkipped e => e.Step,
        _ => null,
    };
}
