using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;

namespace Kedge.Tests.Plan;

/// <summary>The contracts of the drivers that Kedge comes with.</summary>
internal static class KnownContracts
{
    public static IReadOnlyList<DriverContract> All { get; } = Known();

    private static List<DriverContract> Known()
    {
        var real = DriverRegistry.Build(new(TimeProvider.System, new SecretReader(), new ProgramRunner(TimeProvider.System))).Contracts;
        return [.. real, .. SampleContracts.All.Where(s => real.All(r => r.Kind != s.Kind))];
    }
}
