using Kedge.Drivers;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;

namespace Kedge.Simulation.World;

/// <summary>
/// An action of a simulated driver, as one process performs it: stages that take time, any of which may fail, hang, or be
/// cut off half way. It does what it is told; keeping it from the wrong thing is what the control plane is for.
/// </summary>
internal abstract class SimulatedAction(SimulatedWorld world, ActLaw law, SimulatedProcess process, string name) : IDriverAction
{
    protected SimulatedWorld World { get; } = world;

    protected SimulatedProcess Process { get; } = process;

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var seen = await LookAsync(step, cancellation);
        if (seen.Kind is JudgementKind.Done)
        {
            law.SawDone(Process, step, name);
        }

        return seen;
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var act = law.Begin(Process, step, name);
        var dice = World.Scheduler.Dice.NextDouble();
        if (dice < World.Temper.Refused)
        {
            await Work(1, 20, static () => true, cancellation);
            law.Refused(act);
            throw new DriverException($"{name} was refused", "try again");
        }

        if (dice < World.Temper.Refused + World.Temper.Hangs)
        {
            World.Note($"{name} of {step.Instance?.Id} hangs");
            await Operations.HangAsync<bool>(cancellation);
        }

        var report = await DoAsync(step, cancellation);
        law.Returned(act);
        return report;
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => LookAfterwardsAsync(step, cancellation);

    public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PreflightFinding>>([new(true, "nothing stands in the way", null)]);

    /// <summary>What a look fails with although there is nothing wrong: mostly as drivers should, and sometimes not.</summary>
    public static Exception Blink(Random dice) => dice.Next(4) == 0
        ? new IOException("the connection was reset by the peer")
        : new DriverException("the connection was reset", "look again");

    protected abstract Judgement Look(StepContext step);

    protected virtual Judgement LookAfterwards(StepContext step) => Look(step);

    protected abstract Task<string> DoAsync(StepContext step, CancellationToken cancellation);

    /// <summary>Whether whoever looks gets no answer at all, not even a refusal.</summary>
    protected virtual bool LooksInVain(StepContext step) => false;

    /// <summary>One stage: the effect comes after a while, or it is cut off before or after.</summary>
    /// <param name="onItsWay">How likely the effect comes although the process that asked for it is gone, 0 to 1.</param>
    protected async Task StageAsync(int fromMs, int toMs, Action effect, CancellationToken cancellation, double onItsWay = 0.3)
    {
        if (World.Scheduler.Dice.NextDouble() < World.Temper.HalfDone / 2)
        {
            await Work(fromMs, toMs, static () => true, cancellation);
            throw Cut();
        }

        await Work(fromMs, toMs, () => Do(effect), cancellation, onItsWay);
        if (World.Scheduler.Dice.NextDouble() < World.Temper.HalfDone / 2)
        {
            throw Cut();
        }
    }

    private static bool Do(Action effect)
    {
        effect();
        return true;
    }

    private Exception Cut()
    {
        World.Note($"{name} is cut off");
        return World.Scheduler.Dice.Next(3) == 0
            ? new IOException($"{name}: broken pipe")
            : new DriverException($"{name} was cut off", "look what became of it", outcomeUnknown: true);
    }

    private Task<bool> Work(int fromMs, int toMs, Func<bool> effect, CancellationToken cancellation, double onItsWay = 0.3) => World.Operations.AskAsync(
        Process, TimeSpan.FromMilliseconds(World.Scheduler.Dice.Next(fromMs, toMs)), effect, onItsWay, cancellation);

    private Task<Judgement> LookAsync(StepContext step, CancellationToken cancellation) => LookAtAsync(Look, step, cancellation);

    private Task<Judgement> LookAfterwardsAsync(StepContext step, CancellationToken cancellation) => LookAtAsync(LookAfterwards, step, cancellation);

    private Task<Judgement> LookAtAsync(Func<StepContext, Judgement> look, StepContext step, CancellationToken cancellation)
    {
        if (LooksInVain(step))
        {
            return Operations.HangAsync<Judgement>(cancellation);
        }

        var blinks = World.Scheduler.Dice.NextDouble() < World.Temper.Blink;
        return World.Operations.LookAsync(
            Process,
            TimeSpan.FromMilliseconds(World.Scheduler.Dice.Next(0, 4)),
            () => blinks ? throw Blink(World.Scheduler.Dice) : look(step),
            cancellation);
    }
}
