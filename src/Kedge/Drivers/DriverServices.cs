using Kedge.Drivers.Programs;

namespace Kedge.Drivers;

/// <summary>What drivers are built with: the clock, secrets, and the means to run programs.</summary>
public sealed record DriverServices(TimeProvider Time, ISecretReader Secrets, IProgramRunner Programs);
