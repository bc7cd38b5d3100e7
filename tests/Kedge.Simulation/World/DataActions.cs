using Kedge.Drivers;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;

namespace Kedge.Simulation.World;

/// <summary>What the actions on a simulated data store share.</summary>
internal abstract class DataAction(SimulatedWorld world, ActLaw acts, SimulatedProcess process, string name)
    : SimulatedAction(world, acts, process, name)
{
    protected DataCopy Copy(StepContext step) => DataDriver.CopyOf(World, step.Instance!);

    /// <summary>The copy at the other of the run's two sites.</summary>
    protected DataCopy Other(StepContext step) =>
        DataDriver.CopyOf(World, step.Instance!.At(step.From == step.Instance.Id.Site ? step.To : step.From)!);

    protected DataStore Store(StepContext step) => World.Stores[step.Instance!.Id.Component];

    /// <summary>A stopped server, or a machine that is off, is seen from outside only as silence.</summary>
    protected override bool LooksInVain(StepContext step) => Copy(step) is { Powered: true, Up: true, Hung: true };

    protected static Judgement OutOfReach(DataCopy copy) => Judgement.Impossible(
        $"the machine of {copy.Id} does not answer: nobody can see whether it runs", "make sure that it is dead, then attest it");

    protected static bool CarriesEpoch(DataCopy copy, StepContext step) =>
        copy.EpochRow is { } row && row.Epoch == step.Epoch && row.Site == copy.Id.Site;
}

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

internal sealed class TakeOverData(SimulatedWorld world, WorldLaw law, ActLaw acts, SimulatedProcess process) : DataAction(world, acts, process, "take-over")
{
    protected override Judgement Look(StepContext step)
    {
        var (copy, source) = (Copy(step), Other(step));
        return copy.AcceptsWrites
            ? CarriesEpoch(copy, step) ? Judgement.Done("accepts writes under its epoch") : Judgement.NotYet("its data does not carry the epoch yet")
            : copy.IsPrimary || !copy.Whole ? Judgement.Impossible($"{copy.Id} is no standby", "look at the status")
            : source.Up ? Judgement.Impossible($"{source.Id} still runs", "stop it first")
            : !source.StoppedCleanly ? Judgement.Impossible($"{source.Id} was not stopped cleanly", "declare a failover")
            : Judgement.NotYet("a standby");
    }

    protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
    {
        var (copy, source) = (Copy(step), Other(step));
        if (!copy.Answers || !copy.Whole || !source.IsPrefixOf(copy))
        {
            throw new DriverException($"{copy.Id} has not replayed the shutdown checkpoint of {source.Id}", "declare a failover");
        }

        if (!copy.IsPrimary)
        {
            await StageAsync(30, 200, () => law.Promote(Process, Store(step), copy, step), cancellation);
        }

        await StageAsync(2, 20, () => law.WriteEpoch(Store(step), copy, step), cancellation);
        return "promoted";
    }
}

internal sealed class PromoteData(SimulatedWorld world, WorldLaw law, ActLaw acts, SimulatedProcess process, IDataStore losses)
    : DataAction(world, acts, process, "promote")
{
    protected override Judgement Look(StepContext step)
    {
        var copy = Copy(step);
        return !copy.Powered ? OutOfReach(copy)
            : !copy.Whole ? Judgement.Impossible($"{copy.Id} is half rebuilt", "go back to the old site, or rebuild it")
            : copy.AcceptsWrites
                ? CarriesEpoch(copy, step) ? Judgement.Done("accepts writes under its epoch") : Judgement.NotYet("its data does not carry the epoch yet")
            : !copy.Up ? copy.IsPrimary ? Judgement.Impossible($"{copy.Id} is no standby", "look at the status") : Judgement.NotYet("the standby is down")
            : Judgement.NotYet("a standby");
    }

    protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
    {
        var copy = Copy(step);
        if (!copy.Up)
        {
            await StageAsync(50, 500, () => Start(step, copy), cancellation);
        }

        // One that accepts writes, and that no earlier attempt promoted, may have come back with a history of its own.
        if (!copy.IsPrimary || copy.PromotedUnder != step.Epoch)
        {
            var loss = await losses.ExpectLossAsync(step.Instance!, step.LastKnown, step.Outage, cancellation);
            if (DataLoss.Refusal(loss, step) is { } refusal)
            {
                throw new DriverException(refusal, "accept the loss by name");
            }
        }

        if (!copy.IsPrimary)
        {
            await StageAsync(30, 200, () => law.Promote(Process, Store(step), copy, step), cancellation);
        }

        await StageAsync(2, 20, () => law.WriteEpoch(Store(step), copy, step), cancellation);
        return "promoted";
    }

    private void Start(StepContext step, DataCopy copy)
    {
        (copy.Up, copy.Hung) = (true, false);
        Store(step).Touch(copy);
    }
}

internal sealed class ResumeData(SimulatedWorld world, WorldLaw law, ActLaw acts, SimulatedProcess process) : DataAction(world, acts, process, "resume")
{
    protected override Judgement Look(StepContext step)
    {
        var (copy, other) = (Copy(step), Other(step));
        return !copy.Powered ? OutOfReach(copy)
            : copy.AcceptsWrites && CarriesEpoch(copy, step) ? Judgement.Done("accepts writes under its epoch")
            : !copy.IsPrimary || !copy.Whole ? Judgement.Impossible($"{copy.Id} is no primary any more", "fail over instead")
            : other.Up ? Judgement.Impossible($"{other.Id} still runs", "fence it first")
            : Written(copy, other) ? Judgement.Impossible($"orders were written to {other.Id} since", "abort; fail over again")
            : copy.Up ? Judgement.NotYet("its data does not carry the epoch yet")
            : Judgement.NotYet("the old primary is down");
    }

    protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
    {
        var copy = Copy(step);
        if (!copy.Up)
        {
            await StageAsync(50, 500, () => law.Start(Process, Store(step), copy, step), cancellation);
        }

        await StageAsync(2, 20, () => law.WriteEpoch(Store(step), copy, step), cancellation);
        return "started again";
    }

    /// <summary>Whether the other copy was the successor of this one, and has orders that this one lacks.</summary>
    private static bool Written(DataCopy copy, DataCopy other)
    {
        var isSuccessor = other.EpochRow is { } own && own.Site == other.Id.Site && own.Epoch > (copy.EpochRow?.Epoch ?? 0);
        var isOfItsHistory = copy.EpochRow is not { } row || other.Log.Any(e => e.Serial == row.Serial);
        var held = copy.Log.Select(e => e.Serial).ToHashSet();
        return other.IsPrimary && (isSuccessor || isOfItsHistory) && other.Log.Any(e => e.Kind is EntryKind.Order && !held.Contains(e.Serial));
    }
}

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
