using Kedge.Drivers;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;

namespace Kedge.Simulation.World;

internal sealed class RejoinData(SimulatedWorld world, WorldLaw law, ActLaw acts, SimulatedProcess process) : DataAction(world, acts, process, "rejoin")
{
    protected override bool LooksInVain(StepContext step) => false;

    protected override Judgement Look(StepContext step)
    {
        var (copy, active) = (Copy(step), Other(step));
        return !copy.Powered ? OutOfReach(copy)
            : copy.Answers && copy.Follows(active) && copy.IsPrefixOf(active)
                ? Judgement.Done("it follows") : Judgement.NotYet("it does not follow yet");
    }

    protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
    {
        var (copy, active, store) = (Copy(step), Other(step), Store(step));
        await StageAsync(10, 100, () => store.Crash(copy), cancellation);
        await StageAsync(10, 100, () => law.Wipe(store, copy), cancellation);

        // What copies the data is a child of the process that acts, and dies with it.
        await StageAsync(200, 3000, () =>
        {
            if (active is not { AcceptsWrites: true, Answers: true } || !copy.Powered)
            {
                throw new DriverException($"{active.Id} gives no base backup", "start it first");
            }

            copy.Log.AddRange(active.Log);
            (copy.Whole, copy.Up, copy.Source, copy.Connected) = (true, true, active, true);
            active.CommitsWait = store.Synchronous;
            store.Touch(copy);
        }, cancellation, onItsWay: 0);
        return "rebuilt";
    }
}
