using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Kedge.Recover.Fence;

namespace Kedge.Recover.Run;

/// <summary>
/// Executes a driver's action. On a data store everything from the last look to the journaled result happens under the
/// instance's lock, with claim and epoch checked under it: a process that was paused and wakes up late finds the lock
/// held, its claim gone or a newer epoch, and does nothing.
/// </summary>
internal sealed class ActStep(JournalSession session, Register register, EngineWorld world)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(100);

    private readonly StepContexts contexts = new(world);

    public async Task ExecuteAsync(HeldClaim held, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(held.Step.Timeout, world.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var driver = world.Drivers.Get(held.Step.Driver!);
        var action = driver.Actions[held.Step.Action!];
        var context = await contexts.OfAsync(held.Run, held.Step, EpochFor(held), linked.Token);
        var done = driver.Contract.HoldsData && context.Instance is not null
            ? await UnderLockAsync(held, driver, action, context, linked.Token, cancellation)
            : await JudgeAndActAsync(held, action, context, linked.Token);
        if (done is not null)
        {
            await VerifyAsync(held, action, context, done, linked.Token);
        }
    }

    /// <summary>The epoch under which the step acts: the one that its run took, or takes with it, else the component's newest.</summary>
    private long? EpochFor(HeldClaim held)
    {
        if (held.Step.Instance is not { } instance)
        {
            return null;
        }

        return held.Run.Epochs.TryGetValue(instance.Component, out var taken)
            ? taken
            : register.Epoch(instance.Component) + (held.Step.TakesEpoch ? 1 : 0);
    }

    private async Task<Outcome?> UnderLockAsync(
        HeldClaim held, IDriver driver, IDriverAction action, StepContext context, CancellationToken cancellation, CancellationToken end)
    {
        var instance = context.Instance!;
        await using var guard = await LockAsync(held, instance, driver.GuardFolder(instance), cancellation, end);
        await session.CatchUpAsync(cancellation);
        if (!held.Holds)
        {
            return null;
        }

        var epoch = EpochFor(held)!.Value;
        if (register.Epoch(instance.Id.Component) > epoch || guard.Epoch > epoch)
        {
            throw Overtaken(instance.Id, epoch, guard.Epoch);
        }

        context = context with { Epoch = epoch };
        return await JudgeAndActAsync(held, action, context, cancellation, guard);
    }

    /// <param name="end">This node's own end, as opposed to the step's.</param>
    private async Task<IInstanceGuard> LockAsync(
        HeldClaim held, InstanceContext instance, string? folder, CancellationToken cancellation, CancellationToken end)
    {
        try
        {
            return await world.Guards.AcquireAsync(instance.Id, folder, cancellation);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            throw new DriverException(
                $"the lock of {instance.Id} was not to be had within {Durations.Show(held.Step.Timeout)}: another process holds it",
                "look for a process of Kedge that is stopped or hangs (ps shows state T or D), kill it, then retry the step");
        }
    }

    /// <returns>What there is to verify; null where the claim was lost and nothing was done.</returns>
    private async Task<Outcome?> JudgeAndActAsync(
        HeldClaim held, IDriverAction action, StepContext context, CancellationToken cancellation, IInstanceGuard? guard = null)
    {
        var seen = await LookAsync(held, () => action.JudgeAsync(context, cancellation), cancellation);
        if (seen.Kind is JudgementKind.Impossible)
        {
            throw new StepImpossibleException(seen.What, seen.Hint);
        }

        // Where the instance is out of reach (a site that is cut off), the journal alone keeps it from starting again.
        var takes = held.Step.TakesEpoch && context.Instance is not null;
        if (seen.Kind is JudgementKind.Done && !takes)
        {
            return new(null, WasDone: true);
        }

        if (held.State.Acted && !held.Step.SafeToRepeat)
        {
            return new(null, WasDone: false);
        }

        if (seen.Kind is JudgementKind.NotYet && held.State.OutcomeUnknown && !held.Step.SafeToRepeat)
        {
            throw new StepImpossibleException(
                $"an earlier attempt was cut off, its effect is not to be seen ({seen.What}), and it is not safe to repeat",
                "find out what became of it; then retry it, or skip it with the reason");
        }

        var component = context.Instance?.Id.Component;
        var taken = takes ? new EpochTaken(component!.Value, context.Epoch!.Value, held.Run.MoveOf(held.Step.Service).To, held.Run.Id) : null;
        await session.PersistAsync(() => StillFree(taken) ? held.Acting(context.Epoch, taken) : [], world.Time, cancellation);
        if (!held.Holds)
        {
            return null;
        }

        if (held.State.Status is not StepStatus.Acting)
        {
            throw Overtaken(context.Instance!.Id, context.Epoch!.Value, guard?.Epoch ?? 0);
        }

        if (taken is not null && guard is not null)
        {
            await guard.RaiseEpochAsync(taken.Epoch, taken.Site, cancellation);
        }

        var report = seen.Kind is JudgementKind.Done
            ? seen.What
            : await ActAsync(held, action, context, cancellation);
        // The first look need not wait until the result is journaled; that it is verified is journaled after both.
        var journaled = session.PersistAsync(() => held.Acted(report), world.Time, cancellation);
        var first = LookAsync(held, () => action.VerifyAsync(context, cancellation), cancellation);
        await Task.WhenAll(journaled, first);
        return new(await first, seen.Kind is JudgementKind.Done);
    }

    private StepImpossibleException Overtaken(InstanceId instance, long epoch, long beside) => new(
        $"{instance} is at epoch {Math.Max(beside, register.Epoch(instance.Component))} already; this run acts under epoch {epoch}",
        "another run has moved it since; abort this one");

    private static async Task<string> ActAsync(HeldClaim held, IDriverAction action, StepContext context, CancellationToken cancellation)
    {
        try
        {
            return await held.Driver.MakeAsync(() => action.ActAsync(context, cancellation));
        }
        catch (DriverException failure) when (!failure.OutcomeUnknown)
        {
            throw new ActFailedException(failure);
        }
    }

    /// <summary>An epoch is taken only while nobody else took one for the component since this run looked.</summary>
    private bool StillFree(EpochTaken? taken) =>
        taken is null || register.Epoch(taken.Component) < taken.Epoch
        || register.Epochs[taken.Component] is { } holding && holding.Epoch == taken.Epoch && holding.Run == taken.Run;

    private async Task VerifyAsync(
        HeldClaim held, IDriverAction action, StepContext context, Outcome outcome, CancellationToken cancellation)
    {
        var pause = FirstLook;
        var first = outcome.First;
        while (true)
        {
            var seen = first ?? await LookAsync(held, () => action.VerifyAsync(context, cancellation), cancellation);
            first = null;
            switch (seen.Kind)
            {
                case JudgementKind.Done:
                    await session.PersistAsync(() => held.Verified(seen.What, outcome.WasDone), world.Time, cancellation);
                    return;
                case JudgementKind.Impossible:
                    throw new StepImpossibleException(seen.What, seen.Hint);
                default:
                    await Task.Delay(pause, world.Time, cancellation);
                    pause = pause * 2 < LongestLook ? pause * 2 : LongestLook;
                    break;
            }
        }
    }

    private static Task<Judgement> LookAsync(HeldClaim held, Func<Task<Judgement>> look, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return held.Driver.MakeAsync(look);
    }

    /// <param name="First">The first look at the effect, where there was one already.</param>
    private sealed record Outcome(Judgement? First, bool WasDone);
}
