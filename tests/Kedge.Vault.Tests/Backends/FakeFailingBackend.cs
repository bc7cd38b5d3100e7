using Kedge.Vault.Backends;
using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Backends;

/// <summary>
/// Fails as it is told before it lets through to real storage: for failures that a folder does not have when it is needed
/// for them.
/// </summary>
internal sealed class FakeFailingBackend(IBackend real) : IBackend
{
    /// <summary>One for each next operation, until there are none left.</summary>
    internal Queue<VaultFault> Failures { get; } = new();

    internal int Attempts { get; private set; }

    public BackendTraits Traits => real.Traits;

    public Task PrepareAsync(CancellationToken cancellation) => Try().PrepareAsync(cancellation);

    public Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => Try().SaveAsync(name, content, cancellation);

    public Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation) => Try().ReadAsync(name, offset, buffer, cancellation);

    public Task<long> LengthAsync(ObjectName name, CancellationToken cancellation) => Try().LengthAsync(name, cancellation);

    public IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, CancellationToken cancellation) => Try().ListAsync(kind, cancellation);

    public Task RemoveAsync(ObjectName name, CancellationToken cancellation) => Try().RemoveAsync(name, cancellation);

    public ValueTask DisposeAsync() => real.DisposeAsync();

    private IBackend Try()
    {
        Attempts++;
        return Failures.TryDequeue(out var fault) ? throw new VaultException(fault, "as a test has it") : real;
    }
}
