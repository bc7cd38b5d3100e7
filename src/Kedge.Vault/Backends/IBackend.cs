using Kedge.Vault.Format;

namespace Kedge.Vault.Backends;

/// <summary>
/// Where a vault's objects are kept. Everything above works with these six operations alone; retries, limits and dry runs
/// are decorators of the same contract, and one suite of tests holds for all of it.
/// </summary>
/// <remarks>
/// All members may be called at the same time from any thread. Failures are <see cref="VaultException"/>s:
/// <see cref="VaultFault.NotFound"/>, <see cref="VaultFault.AlreadyExists"/>, <see cref="VaultFault.Denied"/>,
/// <see cref="VaultFault.NoSpace"/>, <see cref="VaultFault.Damaged"/> (shorter than asked for) are final;
/// <see cref="VaultFault.Unavailable"/> may go away by itself. All but the config are named for the SHA-256 of their content:
/// servers may check that, and where a storage cannot refuse to overwrite, nothing else keeps an object as it is. Tasks may
/// have ended when they are returned, and local storage works in the caller's thread.
/// </remarks>
public interface IBackend : IAsyncDisposable
{
    BackendTraits Traits { get; }

    /// <summary>Makes what the storage needs before the first object (folders). Harmless where it is there already.</summary>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>
    /// Stores an object: whole or not at all, and on stable storage when the task ends. Never overwrites.
    /// </summary>
    /// <param name="content">Must stay as it is until the task ends.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.AlreadyExists"/> where the name is taken, by an object that is on
    /// stable storage itself.</exception>
    Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/> on, in bytes.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>; <see cref="VaultFault.Damaged"/> where the
    /// object ends before the buffer is full.</exception>
    Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>The object's length in bytes.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>.</exception>
    Task<long> LengthAsync(ObjectName name, CancellationToken cancellation);

    /// <summary>
    /// All objects of a kind, in no order. What does not bear an id for its name is left out, and what is stored or removed
    /// meanwhile may be. Other operations may be called before the next object is asked for.
    /// </summary>
    IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, CancellationToken cancellation);

    /// <summary>Removes an object.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>; <see cref="VaultFault.Denied"/>, as by an append-only server.</exception>
    Task RemoveAsync(ObjectName name, CancellationToken cancellation);
}

/// <summary>An object that is there, with its length in bytes.</summary>
public readonly record struct StoredObject(ObjectName Name, long Length);

/// <summary>What the rest may know of a backend.</summary>
public sealed record BackendTraits
{
    /// <summary>The location as a person gave it, without credentials.</summary>
    public required string Location { get; init; }

    /// <summary>How many operations at the same time make it fastest; 1 to 64.</summary>
    public required int Connections { get; init; }

    /// <summary>Whether reading costs a round trip, so that neighbouring pieces are better read in one.</summary>
    public required bool IsRemote { get; init; }
}
