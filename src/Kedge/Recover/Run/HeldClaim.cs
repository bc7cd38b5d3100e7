using Kedge.Journal.Events;
using Kedge.Journal.Folding;

namespace Kedge.Recover.Run;

/// <summary>A claim on a step, and the events that whoever holds it may append. They are none once it is lost.</summary>
internal sealed class HeldClaim(RunState run, StepState state, int claim, Register register, EngineWorld world)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    public RunState Run { get; } = run;

    public DriverCalls Driver { get; } = new(world);

    public StepState State { get; } = state;

    public RecoveryStep Step => State.Step;

    /// <summary>False once the run ended, or another process took the step over.</summary>
    public bool Holds => Run.Status is RunStatus.Running or RunStatus.Paused && State.Claim == claim && State.Node == world.Me;

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

    /// <summary>With the claims of what falls due by it: another append for them would keep those steps waiting.</summary>
    public IReadOnlyList<JournalEvent> Verified(string evidence, bool wasDone)
    {
        if (!Holds)
        {
            return [];
        }

        var verified = new StepVerified(Run.Id, Step.Id, evidence, wasDone, Driver.Spent);
        var next = Run.Status is RunStatus.Running && register.Leader == world.Me ? Claims(Run, RunDecider.DueAfter(Run, Step), world.Me) : [];
        return ActiveSite.ChangedBy(Run, State) is { } changed
            ? [verified, changed, .. next]
            : [verified, .. next];
    }

    /// <summary>The claims of a node that leads.</summary>
    public static IEnumerable<StepClaimed> Claims(RunState run, IEnumerable<StepState> due, NodeIdentity me) =>
        due.Select(s => new StepClaimed(run.Id, s.Step.Id, s.Claim + 1, me));

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

    private static TimeSpan Pause(int attempt)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(attempt - 1, 16));
        return pause < LongestPause ? pause : LongestPause;
    }
}
