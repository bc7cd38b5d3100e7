using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;

namespace Kedge.Tests.Plan;

/// <summary>The contracts of the drivers that Kedge comes with.</summary>
internal static class KnownContracts
{
    public static IReadOnlyList<DriverContract> Registered { get; } =
        DriverRegistry.Build(new(TimeProvider.System, new SecretReader(), new ProgramRunner(TimeProvider.System))).Contracts;

    /// <summary>The registered ones, and samples of kinds that examples use and that no driver is registered for.</summary>
    public static IReadOnlyList<DriverContract> All { get; } =
        [.. Registered, .. SampleContracts.All.Where(s => Registered.All(r => r.Kind != s.Kind))];
}
