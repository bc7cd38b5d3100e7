using Kedge.Drivers;
using Kedge.Journal.Events;
using Kedge.Recover.Fence;
using Kedge.Recover.Run;

namespace Kedge.Simulation;

/// <summary>Where a simulation may be given a bad part in the place of a good one, to see that its laws notice.</summary>
internal sealed record Parts
{
    public static Parts Good { get; } = new();

    public bool StoreAcknowledgesBeforeSync { get; init; }

    /// <summary>What a process of Kedge's reaches outside its journal: locks, epochs, the killer of sleepers.</summary>
    public Func<EngineWorld, EngineWorld> World { get; init; } = static w => w;

    /// <summary>An action on a data store, and the locks as the process that performs it can take them.</summary>
    public Func<IDriverAction, IInstanceGuards, IDriverAction> Action { get; init; } = static (action, _) => action;

    /// <summary>What a data store is found to lose, on its way to whoever asked.</summary>
    public Func<LossReading, LossReading> Loss { get; init; } = static l => l;

    /// <summary>What becomes of a recovery plan between the compiler and the operator's command.</summary>
    public Func<RecoveryPlan, RecoveryPlan> Compiled { get; init; } = static p => p;
}
