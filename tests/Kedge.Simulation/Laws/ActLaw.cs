using Kedge.Drivers;
using Kedge.Journal.Events;
using Kedge.Recover.Run;
using Kedge.Simulation.Fence;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation.Laws;

/// <summary>
/// What holds whenever a process acts: its intent is in the journal, under a claim that is still its own; on a data store
/// it holds the instance's lock and the epoch stands beside the data; and what is not safe to repeat is not repeated.
/// </summary>
internal sealed class ActLaw(Scheduler scheduler, Truth truth, SimulatedGuards guards)
{
    private readonly HashSet<(RunId, string, int, int)> begun = [];
    private readonly HashSet<(RunId, string, SimulatedProcess)> reportable = [];
    private readonly HashSet<(RunId, string)> mayHaveHappened = [];
    private readonly Dictionary<(RunId, string), NodeIdentity> claimants = [];
    private readonly Dictionary<(RunId, string), SimulatedProcess> intents = [];

    /// <summary>Acts that were begun.</summary>
    public int Count { get; private set; }

    /// <summary>Told of each act that begins, with the process.</summary>
    public event Action<SimulatedProcess>? Begun;

    public SimulatedAct Begin(SimulatedProcess by, StepContext context, string action)
    {
        Count++;
        if (scheduler.Trace.On)
        {
            scheduler.Trace.Add(scheduler.Elapsed, $"{by} begins {action} {context.Instance?.Id} (epoch {context.Epoch}) for {context.Run}");
        }

        var act = context.Run == "return" ? BeginReturn(by, context) : BeginStep(by, context, action);
        Begun?.Invoke(by);
        return act;
    }

    public void Returned(SimulatedAct act)
    {
        if (act.Step is { } step)
        {
            reportable.Add((act.Run, step, act.By));
        }
    }

    /// <summary>It said that it had no effect.</summary>
    public void Refused(SimulatedAct act)
    {
        if (act.Step is { } step)
        {
            mayHaveHappened.Remove((act.Run, step));
        }
    }

    public void SawDone(SimulatedProcess by, StepContext context, string action)
    {
        if (Find(context, action) is { } found)
        {
            reportable.Add((found.Run.Id, found.Step.Step.Id, by));
        }
    }

    /// <summary>Remembers who claims a step, and who means to act.</summary>
    public void Take(JournalEvent what, SimulatedProcess by)
    {
        if (what is StepClaimed claim)
        {
            claimants[(claim.Run, claim.Step)] = claim.Node;
        }
        else if (what is StepActing intent)
        {
            intents[(intent.Run, intent.Step)] = by;
        }
    }

    /// <summary>The process that claimed a step last; null where none did.</summary>
    public NodeIdentity? ClaimantOf(RunId run, string step) => claimants.GetValueOrDefault((run, step));

    /// <summary>Whether a process may say that a step was acted: the act returned to it, or it saw that nothing was to be done.</summary>
    public bool MayReport(SimulatedProcess by, RunId run, string step) => reportable.Remove((run, step, by));

    /// <summary>A person said that it may be done again.</summary>
    public void AllowAgain(RunId run, string step) => mayHaveHappened.Remove((run, step));

    private SimulatedAct BeginReturn(SimulatedProcess by, StepContext context)
    {
        DemandLock(by, context, takesEpoch: true);
        return new(by, new(context.Run), null);
    }

    private SimulatedAct BeginStep(SimulatedProcess by, StepContext context, string action)
    {
        if (Find(context, action) is not { } found)
        {
            scheduler.Fail("acts belong to steps", $"{by} does {action} of {context.Instance?.Id} for {context.Run}, which has no such step");
            return new(by, new(context.Run), null);
        }

        var (run, step) = found;
        var isOnData = step.Step.Driver == World.DataDriver.Kind;
        var isOwn = step.Status is StepStatus.Acting && step.Node == by.Identity;
        if (!isOwn && !(isOnData ? NobodyBeganSince(by, run, step) : WaitsForPerson(by, run, step)))
        {
            scheduler.Fail(
                Law.OwnIntent,
                $"{by} begins {step.Step.Id}, which is {step.Status} and claimed by {step.Node?.ToString() ?? "nobody"}");
        }

        if (!begun.Add((run.Id, step.Step.Id, step.Claim, step.Attempts)))
        {
            scheduler.Fail("one intent, one act", $"{by} begins {step.Step.Id} twice under claim {step.Claim}, attempt {step.Attempts}");
        }

        if (!mayHaveHappened.Add((run.Id, step.Step.Id)) && !step.Step.SafeToRepeat)
        {
            scheduler.Fail("nothing twice that is not safe twice", $"{by} begins {step.Step.Id} again, which may have happened already");
        }

        if (isOnData)
        {
            DemandLock(by, context, takesEpoch: step.Step.TakesEpoch);
        }

        reportable.RemoveWhere(r => r.Item1 == run.Id && r.Item2 == step.Step.Id);
        return new(by, run.Id, step.Step.Id);
    }

    /// <summary>
    /// A sleeper on another machine cannot be killed, and whoever looks after its step may not have looked for it. It holds
    /// the instance's lock, under which it has journaled its intent; so nobody else can have begun.
    /// </summary>
    private bool NobodyBeganSince(SimulatedProcess by, RunState run, StepState step) => intents.GetValueOrDefault((run.Id, step.Step.Id)) == by;

    /// <summary>Where there is no lock, the step of such a sleeper is failed, its outcome unknown, until a person has seen to it.</summary>
    private bool WaitsForPerson(SimulatedProcess by, RunState run, StepState step) =>
        step is { Status: StepStatus.Failed, RetryAt: null, Failure.OutcomeUnknown: true } && ClaimantOf(run.Id, step.Step.Id) == by.Identity;

    private void DemandLock(SimulatedProcess by, StepContext context, bool takesEpoch)
    {
        var instance = context.Instance!.Id;
        if (guards.HolderOf(instance) != by)
        {
            scheduler.Fail(Law.Lock, $"{by} acts on {instance}, whose lock {guards.HolderOf(instance)?.ToString() ?? "nobody"} holds");
        }

        if (takesEpoch && guards.EpochOf(instance)?.Epoch != context.Epoch)
        {
            scheduler.Fail(Law.EpochWithData, $"{by} acts on {instance} under epoch {context.Epoch}, and {guards.EpochOf(instance)?.Epoch.ToString() ?? "none"} stands beside it");
        }
    }

    private (RunState Run, StepState Step)? Find(StepContext context, string action)
    {
        if (truth.State.Runs.Find(new(context.Run)) is not { } run)
        {
            return null;
        }

        var plan = truth.State.Plans.Get(run.Planned.PlanVersion);
        var step = run.Steps.FirstOrDefault(s => s.Step.Action == action
            && (s.Step.Custom is { } custom
                ? context.Instance is null && ReferenceEquals(plan.FindService(s.Step.Service)!.Steps.First(c => c.Name == custom).Options, context.Options)
                : s.Step.Instance == context.Instance?.Id));
        return step is null ? null : (run, step);
    }
}

/// <summary>An act that was begun.</summary>
/// <param name="Step">Null for what the return watch does.</param>
internal sealed record SimulatedAct(SimulatedProcess By, RunId Run, string? Step);
