using Kedge.Drivers;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Protect;
using Kedge.Recover.Fence;

namespace Kedge.Recover.Run;

/// <summary>Everything outside the journal that the run engine touches; a simulation puts its own world here.</summary>
public sealed record EngineWorld
{
    /// <summary>The process that acts.</summary>
    public required NodeIdentity Me { get; init; }

    public required TimeProvider Time { get; init; }

    public required DriverRegistry Drivers { get; init; }

    public required IPlanLibrary Plans { get; init; }

    public required IInstanceGuards Guards { get; init; }

    public required ISleeperKiller Killer { get; init; }

    public required IWatermarkBoard Watermarks { get; init; }

    public required IWorkplace Workplace { get; init; }
}

/// <summary>Plans by version, from the journal: a run goes on with the version that it began with.</summary>
public interface IPlanLibrary
{
    /// <summary>Throws <see cref="KeyNotFoundException"/> for a version that was never adopted.</summary>
    KedgePlan Get(PlanVersion version);
}
