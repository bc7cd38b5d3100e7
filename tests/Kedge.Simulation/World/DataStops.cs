using Kedge.Drivers;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;

namespace Kedge.Simulation.World;

internal sealed class PrepareData(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : DataAction(world, acts, process, "prepare")
{
    protected override Judgement Look(StepContext step)
    {
        var (target, source) = (Copy(step), Other(step));
        return !source.AcceptsWrites || target.IsPrimary
            ? Judgement.Impossible($"{source.Id} is not the active copy", "look at the status")
            : target.Answers && target.Follows(source) && source.Log.Count - target.Log.Count < 50
                ? Judgement.Done($"{target.Id} follows closely")
                : Judgement.NotYet($"{target.Id} does not follow closely");
    }

    protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
    {
        await StageAsync(5, 50, static () => { }, cancellation);
        return "checkpoint written";
    }
}

internal sealed class StopData(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : DataAction(world, acts, process, "stop")
{
    protected override Judgement Look(StepContext step)
    {
        var copy = Copy(step);
        return !copy.Powered || World.OutOfReach.Contains(copy.Id.Site) ? OutOfReach(copy)
            : copy.Up ? copy.IsPrimary ? Judgement.NotYet("it runs") : Judgement.Impossible("it runs as a standby", "look at the status")
            : copy.StoppedCleanly ? Judgement.Done("stopped cleanly")
            : Judgement.Impossible("it is down, but was not stopped cleanly", "start it again and repeat, or declare a failover");
    }

    protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
    {
        await StageAsync(20, 300, () => Store(step).StopCleanly(Copy(step)), cancellation);
        return "fast stop";
    }
}

internal sealed class FenceData(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : DataAction(world, acts, process, "fence")
{
    /// <summary>Its processes are seen in the process table, whether they answer or not.</summary>
    protected override bool LooksInVain(StepContext step) => false;

    protected override Judgement Look(StepContext step)
    {
        var copy = Copy(step);
        return !copy.Powered || World.OutOfReach.Contains(copy.Id.Site) ? OutOfReach(copy)
            : copy.Up ? Judgement.NotYet("its processes live") : Judgement.Done("no process of it lives");
    }

    protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
    {
        await StageAsync(2, 150, () => Store(step).Crash(Copy(step)), cancellation);
        return "killed";
    }
}
