using Kedge.Plan.Contracts;

namespace Kedge.Drivers;

/// <summary>
/// Knows how to observe and change one kind of component. A driver is one folder: this class, a file for each action,
/// a README, and a test that runs the drivers' contract suite against it; it is registered in one line of
/// <see cref="DriverRegistry"/>. See docs/add-a-driver.md.
/// </summary>
public interface IDriver
{
    /// <summary>What it offers, as data. The same object each time.</summary>
    DriverContract Contract { get; }

    /// <summary>One for each action of the contract, by name.</summary>
    IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    /// <summary>
    /// Looks at an instance and changes nothing. Never throws because the instance is down or cannot be reached: that
    /// is what it reports. Returns within the token's life; callers cancel it after seconds.
    /// </summary>
    Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation);

    /// <summary>
    /// The folder beside the instance's data where its lock and epoch are kept; null where the driver has no place of
    /// its own (the node then keeps them in its state folder). Only asked of drivers that hold data.
    /// </summary>
    string? GuardFolder(InstanceContext instance);

    /// <summary>
    /// Whether this machine can act on the instance at all (its files and processes are here). Cheap: asked at each
    /// compilation. Where it is false, fencing takes the site's fence command or a person's word.
    /// </summary>
    bool IsWithinReach(InstanceContext instance) => true;
}

/// <summary>
/// One action. A step calls <see cref="JudgeAsync"/>, then, unless that says it is done already,
/// <see cref="ActAsync"/> under the instance's lock, then <see cref="VerifyAsync"/> until that says done or time is up.
/// </summary>
public interface IDriverAction
{
    /// <summary>Whether the action's effect is there already, is wanting, or cannot be had. Changes nothing.</summary>
    Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation);

    /// <summary>
    /// Does it. Throws <see cref="DriverException"/> when it could not; any other exception is taken for a failure of
    /// unknown outcome. Cancelling it leaves a state that <see cref="JudgeAsync"/> can name. Whatever child processes
    /// it starts die with this process. Called with the instance's lock held and the epoch checked.
    /// </summary>
    /// <returns>What was done, one line for the journal, without secrets.</returns>
    Task<string> ActAsync(StepContext step, CancellationToken cancellation);

    /// <summary>Whether the effect can be observed. Asked repeatedly, a few milliseconds apart; changes nothing.</summary>
    Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation);

    /// <summary>What would fail if it ran now: programs, credentials, versions, disk. Changes nothing.</summary>
    Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation);
}

/// <summary>Optional ability of a driver whose contract lists <see cref="DriverContract.Checks"/>: an end-to-end test.</summary>
public interface IChecker
{
    /// <summary>
    /// Tests once. Never throws because the service is down: that is the result. The token ends it at the check's timeout.
    /// </summary>
    Task<CheckResult> CheckAsync(OptionValues options, CancellationToken cancellation);
}

/// <summary>The result of one check.</summary>
/// <param name="What">One line: what was seen, or what was wrong.</param>
public readonly record struct CheckResult(bool Ok, string What);

/// <summary>What an observation of an instance found.</summary>
public sealed record InstanceObservation
{
    public required InstanceState State { get; init; }

    /// <summary>For drivers that hold data: whether this copy can be written now.</summary>
    public DataRole Role { get; init; }

    /// <summary>One line for people.</summary>
    public required string Summary { get; init; }

    /// <summary>
    /// What should not change by itself (versions, identities, settings), by name: a change makes the last verification
    /// stale. Nothing that moves with every look.
    /// </summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>True where the instance's machine, or the way to it, can be used at all: false is what a lost site looks like.</summary>
    public bool Reachable { get; init; } = true;
}

/// <summary>Whether an instance runs.</summary>
public enum InstanceState
{
    /// <summary>It could not be found out.</summary>
    Unknown,
    Running,

    /// <summary>Seen to be stopped (not merely silent).</summary>
    Stopped,

    /// <summary>There, but it does not answer or does not work.</summary>
    Failing,
}

/// <summary>What a copy of the data may do.</summary>
public enum DataRole
{
    /// <summary>Not a data store, or not known.</summary>
    None,

    /// <summary>It accepts writes.</summary>
    Writable,

    /// <summary>It follows another copy.</summary>
    Standby,
}

/// <summary>What a look at a step's effect says.</summary>
/// <param name="What">One line of evidence: what was seen.</param>
/// <param name="Hint">What an operator may do about it; null where there is nothing to do.</param>
public sealed record Judgement(JudgementKind Kind, string What, string? Hint)
{
    public static Judgement Done(string evidence) => new(JudgementKind.Done, evidence, null);

    public static Judgement NotYet(string what) => new(JudgementKind.NotYet, what, null);

    /// <summary>It cannot be had, and trying again by itself will not help.</summary>
    public static Judgement Impossible(string why, string hint) => new(JudgementKind.Impossible, why, hint);
}

/// <summary>Kinds of <see cref="Judgement"/>.</summary>
public enum JudgementKind
{
    NotYet,
    Done,
    Impossible,
}

/// <summary>Something that would fail, or has been checked, before the disaster.</summary>
/// <param name="Ok">False: the step would fail if it ran now.</param>
/// <param name="What">What was checked and what was found.</param>
/// <param name="Fix">What to do; null where it is fine.</param>
public sealed record PreflightFinding(bool Ok, string What, string? Fix);

/// <summary>
/// An action could not be done. The message is for an operator: what failed, without secrets and without a stack trace.
/// </summary>
public sealed class DriverException : Exception
{
    public DriverException(string what, string? hint = null, bool outcomeUnknown = false, Exception? inner = null)
        : base(what, inner)
    {
        Hint = hint;
        OutcomeUnknown = outcomeUnknown;
    }

    /// <summary>What an operator may do about it.</summary>
    public string? Hint { get; }

    /// <summary>True where the act may have had its effect all the same (it was cut off half way).</summary>
    public bool OutcomeUnknown { get; }
}
