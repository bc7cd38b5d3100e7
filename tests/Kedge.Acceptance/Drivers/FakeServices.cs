using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Kedge.Plan.Contracts;

namespace Kedge.Acceptance.Drivers;

/// <summary>Secrets as a test sets them, by name.</summary>
internal sealed class FakeSecrets(params (string Name, string Value)[] secrets) : ISecretReader
{
    public string Read(SecretReference reference) =>
        secrets.FirstOrDefault(s => s.Name == reference.Name).Value
        ?? throw new DriverException($"no secret {reference}", "set it");

    public DriverServices Services(TimeProvider time) => new(time, this, new NoPrograms());

    private sealed class NoPrograms : IProgramRunner
    {
        public Task<ProgramResult> RunAsync(ProgramStart start, CancellationToken cancellation) =>
            throw new NotSupportedException("this driver runs no programs");

        public Task<int> StartDetachedAsync(ProgramStart start, string outputFile, CancellationToken cancellation) =>
            throw new NotSupportedException("this driver runs no programs");
    }
}

/// <summary>This machine's clock, set wrong by a fixed time.</summary>
internal sealed class SkewedClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
