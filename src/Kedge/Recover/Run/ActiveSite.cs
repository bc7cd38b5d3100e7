using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Recover.Run;

/// <summary>When, in a run, a service counts as active at its new site.</summary>
public static class ActiveSite
{
    /// <summary>
    /// The event that goes with a step's end, whether a driver did it or a person confirmed it; null where the service's
    /// place does not hang on it. The service is active at its new site from the first step on that only makes sense there:
    /// the data's promotion, else the switch of traffic, else the start.
    /// </summary>
    public static ActiveSiteChanged? ChangedBy(RunState run, StepState step)
    {
        if (run.Planned.DryRun || run.Plan.Kind is RunKind.Drill or RunKind.Reprotect or RunKind.Restore)
        {
            return null;
        }

        var own = run.Steps.Where(s => s.Step.Service == step.Step.Service && s.Step is { Custom: null, Kind: StepKind.Act or StepKind.Confirm }).ToList();
        var deciding =
            own.Where(s => s.Step is { Phase: Phase.Promote, TakesEpoch: true }).ToList() is { Count: > 0 } promotions ? promotions
            : own.Where(s => s.Step.Phase is Phase.Switch).ToList() is { Count: > 0 } switches ? switches
            : own.Where(s => s.Step.Phase is Phase.Start or Phase.Promote).ToList();
        return deciding.Contains(step) && !deciding.Any(s => s.Over)
            ? new(step.Step.Service, run.MoveOf(step.Step.Service).To, run.Id)
            : null;
    }
}
