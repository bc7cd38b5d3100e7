using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Contracts;
using Kedge.Store;

namespace Kedge.Recover.Run;

/// <summary>
/// Executes one claimed step: observe, act if needed, verify. The intent is journaled before the act and the result
/// after it; whatever goes wrong ends in a <see cref="StepFailed"/>, never in an exception, the node's own end apart.
/// </summary>
internal sealed class StepExecutor(JournalSession session, Register register, EngineWorld world)
{
    private readonly ActStep acts = new(session, register, world);
    private readonly CheckStep checks = new(session, world);
    private readonly DryStep dry = new(session, register, world);

    public async Task ExecuteAsync(RunState run, StepState step, int claim, CancellationToken cancellation)
    {
        var held = new HeldClaim(run, step, claim, register, world);
        try
        {
            await (run.Planned.DryRun ? dry.ExecuteAsync(held, cancellation) : ExecuteAsync(held, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // This node ends; whoever leads next observes what became of the step.
        }
        catch (Exception failure) when (failure is not JournalDamagedException)
        {
            await FailAsync(held, failure, cancellation);
        }
    }

    private async Task ExecuteAsync(HeldClaim held, CancellationToken cancellation)
    {
        switch (held.Step.Kind)
        {
            case StepKind.Act:
                await acts.ExecuteAsync(held, cancellation);
                break;
            case StepKind.Check:
                await checks.ExecuteAsync(held, cancellation);
                break;
            case StepKind.Wait:
                await Task.Delay(held.Step.Estimate, world.Time, cancellation);
                await session.PersistAsync(() => held.Verified("the time has passed", wasDone: false), world.Time, cancellation);
                break;
            case StepKind.Confirm:
                await session.PersistAsync(
                    () => held.Waits(held.Step.Instruction!), world.Time, cancellation);
                break;
            case StepKind.Blocked:
                throw new StepImpossibleException(
                    held.Step.Instruction!, "abort the run, or do it by hand and skip the step with the reason");
            default:
                throw new ArgumentOutOfRangeException(nameof(held), held.Step.Kind, "unknown kind of step");
        }
    }

    private async Task FailAsync(HeldClaim held, Exception failure, CancellationToken cancellation)
    {
        var (what, mayRetry) = Describe(failure, held.State);
        try
        {
            await session.PersistAsync(() => held.Failed(what, mayRetry, world.Time.GetUtcNow()), world.Time, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // As above: the outcome is found out by whoever leads next.
        }
    }

    private static (StepFailure What, bool MayRetry) Describe(Exception failure, StepState step) => failure switch
    {
        StepImpossibleException e => (new(e.Message, e.Hint, step.OutcomeUnknown), false),
        ActFailedException e => (new(e.Message, e.Hint, OutcomeUnknown: false), true),
        DriverException e => (new(e.Message, e.Hint, e.OutcomeUnknown || step.OutcomeUnknown), true),
        StoreException e => (new(e.Message, "mend the store; the step is tried again", step.OutcomeUnknown), true),
        OperationCanceledException => (
            new(
                $"did not finish within {Durations.Show(step.Step.Timeout)}",
                "look at the instance, then retry or skip the step",
                step.OutcomeUnknown),
            true),
        _ => (
            new(
                $"{failure.GetType().Name}: {failure.Message}",
                "this is a defect of Kedge or of the driver; please report it",
                step.OutcomeUnknown),
            false),
    };
}

/// <summary>A step cannot be had, and trying again by itself will not help.</summary>
internal sealed class StepImpossibleException(string what, string? hint) : Exception(what)
{
    public string? Hint { get; } = hint;
}

/// <summary>The act itself said that it had no effect: only then is an outcome known without looking.</summary>
internal sealed class ActFailedException(DriverException inner) : Exception(inner.Message, inner)
{
    public string? Hint { get; } = inner.Hint;
}
