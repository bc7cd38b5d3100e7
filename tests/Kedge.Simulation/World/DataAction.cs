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
