using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Simulation.World;

/// <summary>What the simulated data store offers: the same actions, in the same roles, as the PostgreSQL driver.</summary>
internal static class DataContract
{
    private static readonly RunKind[] Planned = [RunKind.Switchover, RunKind.Failback];

    public static DriverContract Contract { get; } = new()
    {
        Kind = DataDriver.Kind,
        Summary = "A simulated data store.",
        HoldsData = true,
        Options = [],
        Actions =
        [
            Action("prepare", ActionRole.Prepare, Planned, 20),
            Action("stop", ActionRole.Stop, Planned, 20),
            Action("take-over", ActionRole.Promote, Planned, 20, takesEpoch: true),
            Action("fence", ActionRole.Fence, [RunKind.Failover, RunKind.Rollback], 10),
            Action("promote", ActionRole.Promote, [RunKind.Failover], 20, takesEpoch: true),
            Action("rejoin", ActionRole.Reprotect, [RunKind.Reprotect, .. Planned], 30),
            Action("resume", ActionRole.Resume, [RunKind.Rollback], 20, takesEpoch: true),
        ],
    };

    private static ActionContract Action(string name, ActionRole role, IReadOnlyList<RunKind> kinds, int timeout, bool takesEpoch = false) => new()
    {
        Name = name,
        Role = role,
        Kinds = kinds,
        Title = $"{name} {{component}} at {{site}}",
        Why = "It is part of the order.",
        SafeToRepeat = true,
        TakesEpoch = takesEpoch,
        Estimate = TimeSpan.FromMilliseconds(200),
        Timeout = TimeSpan.FromSeconds(timeout),
    };
}
