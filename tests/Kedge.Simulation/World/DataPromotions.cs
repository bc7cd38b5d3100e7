using Kedge.Drivers;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;

namespace Kedge.Simulation.World;

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

    /// <summary>The newest epoch under which a copy became writable, be it that the promotion was cut off before it wrote that.</summary>
    private static long? NewestEpoch(DataCopy copy) =>
        copy.EpochRow is { } row && row.Site == copy.Id.Site && !(copy.PromotedUnder > row.Epoch) ? row.Epoch : copy.PromotedUnder;

    /// <summary>Whether the other copy was the successor of this one, and has orders that this one lacks.</summary>
    private static bool Written(DataCopy copy, DataCopy other)
    {
        var isSuccessor = NewestEpoch(other) is { } newest && newest > (NewestEpoch(copy) ?? 0);
        var isOfItsHistory = copy.EpochRow is not { } row ? copy.PromotedUnder is null
            : other.Log.Any(e => e.Serial == row.Serial) && !(copy.PromotedUnder > row.Epoch);
        var held = copy.Log.Select(e => e.Serial).ToHashSet();
        return other.IsPrimary && (isSuccessor || isOfItsHistory) && other.Log.Any(e => e.Kind is EntryKind.Order && !held.Contains(e.Serial));
    }
}
