using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Recover.Run;

/// <summary>A claim on a step, and the events that whoever holds it may append. They are none once it is lost.</summary>
internal sealed class HeldClaim(RunState run, StepState state, int claim, NodeIdentity me)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    public RunState Run { get; } = run;

    public StepState State { get; } = state;

    public RecoveryStep Step => State.Step;

    /// <summary>False once the run ended, or another process took the step over.</summary>
    public bool Holds => Run.Status is RunStatus.Running or RunStatus.Paused && State.Claim == claim && State.Node == me;

    public IReadOnlyList<JournalEvent> Acting(long? epoch, EpochTaken? taken)
    {
        if (!Holds || State.Status is not StepStatus.Claimed)
        {
            return [];
        }

        var acting = new StepActing(Run.Id, Step.Id, claim, State.Attempts + 1, epoch);
        return taken is null || Run.Epochs.ContainsKey(taken.Component) ? [acting] : [taken, acting];
    }

    public IReadOnlyList<JournalEvent> Acted(string report) => Holds && State.Status is StepStatus.Acting
        ? [new StepActed(Run.Id, Step.Id, claim, State.Attempts, report)]
        : [];

    public IReadOnlyList<JournalEvent> Verified(string evidence, bool wasDone)
    {
        if (!Holds)
        {
            return [];
        }

        var verified = new StepVerified(Run.Id, Step.Id, evidence, wasDone);
        return MovesService() is { } move
            ? [verified, new ActiveSiteChanged(move.Service, move.To, Run.Id)]
            : [verified];
    }

    public IReadOnlyList<JournalEvent> Waits(string instruction) => Holds && State.Status is StepStatus.Claimed
        ? [new StepWaits(Run.Id, Step.Id, instruction)]
        : [];

    public IReadOnlyList<JournalEvent> Failed(StepFailure failure, bool mayRetry, DateTimeOffset now)
    {
        if (!Holds)
        {
            return [];
        }

        var attempt = State.Status is StepStatus.Claimed ? State.Attempts + 1 : State.Attempts;
        DateTimeOffset? retry = mayRetry && attempt < Step.Attempts ? now + Pause(attempt) : null;
        var failed = new StepFailed(Run.Id, Step.Id, attempt, failure, retry);
        return retry is null && !Step.Required
            ? [failed, new StepSkipped(Run.Id, Step.Id, $"not required, and it failed: {failure.What}", "kedge")]
            : [failed];
    }

    /// <summary>
    /// The service is active at its new site from the first step on that only makes sense there: the data's promotion,
    /// else the switch of traffic, else the start.
    /// </summary>
    private Move? MovesService()
    {
        if (Run.Planned.DryRun || Run.Plan.Kind is RunKind.Drill or RunKind.Reprotect or RunKind.Restore)
        {
            return null;
        }

        var own = Run.Steps.Where(s => s.Step.Service == Step.Service && s.Step is { Custom: null, Kind: StepKind.Act or StepKind.Confirm }).ToList();
        var deciding =
            own.Where(s => s.Step is { Phase: Phase.Promote, TakesEpoch: true }).ToList() is { Count: > 0 } promotions ? promotions
            : own.Where(s => s.Step.Phase is Phase.Switch).ToList() is { Count: > 0 } switches ? switches
            : own.Where(s => s.Step.Phase is Phase.Start or Phase.Promote).ToList();
        var isFirst = deciding.Contains(State) && !deciding.Any(s => s.Over);
        return isFirst ? Run.MoveOf(Step.Service) : null;
    }

    private static TimeSpan Pause(int attempt)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(attempt - 1, 16));
        return pause < LongestPause ? pause : LongestPause;
    }
}
