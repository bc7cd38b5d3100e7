using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Kedge.Plan.Contracts;

namespace Kedge.Tests.Drivers;

/// <summary>Secrets as a test sets them, by name.</summary>
internal sealed class FakeSecrets(params (string Name, string Value)[] secrets) : ISecretReader
{
    public string Read(SecretReference reference) =>
        secrets.FirstOrDefault(s => s.Name == reference.Name).Value ?? throw new DriverException($"no secret {reference}", "set it");

    /// <summary>Services for a driver that runs no programs.</summary>
    public DriverServices Services() => new(TimeProvider.System, this, new NoPrograms());

    private sealed class NoPrograms : IProgramRunner
    {
        public Task<ProgramResult> RunAsync(ProgramStart start, CancellationToken cancellation) =>
            throw new NotSupportedException("this driver runs no programs");

        public Task<int> StartDetachedAsync(ProgramStart start, string outputFile, CancellationToken cancellation) =>
            throw new NotSupportedException("this driver runs no programs");
    }
}
