using Kedge.Drivers;
using Kedge.Journal.Events;
using Kedge.Recover.Fence;

namespace Kedge.Simulation;

/// <summary>Where a simulation may be given a bad part in the place of a good one, to see that its laws notice.</summary>
internal sealed record Parts
{
    public static Parts Good { get; } = new();

    public bool StoreAcknowledgesBeforeSync { get; init; }

    public Func<IInstanceGuards, IInstanceGuards> Guards { get; init; } = static g => g;

    public Func<ISleeperKiller, ISleeperKiller> Killer { get; init; } = static k => k;

    public Func<IDriver, IDriver> Driver { get; init; } = static d => d;

    /// <summary>What becomes of a recovery plan between the compiler and the operator's command.</summary>
    public Func<RecoveryPlan, RecoveryPlan> Compiled { get; init; } = static p => p;
}
