using System.Runtime.CompilerServices;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backends;

/// <summary>
/// Tries again what failed with <see cref="VaultFault.Unavailable"/>. Where only an answer was lost, the next attempt finds
/// its own work done already: that is success, not an error.
/// </summary>
internal sealed class RetryingBackend(IBackend inner, RetryRules rules) : IBackend, IRemains
{
    private const int LongestCompared = 1 << 20;

    public BackendTraits Traits => inner.Traits;

    public Task PrepareAsync(CancellationToken cancellation) => TryAsync(
        "prepare",
        null,
        async _ =>
        {
            await inner.PrepareAsync(cancellation);
            return true;
        },
        cancellation);

    public Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => TryAsync(
        "save",
        name,
        async again =>
        {
            try
            {
                await inner.SaveAsync(name, content, cancellation);
            }
            catch (VaultException e) when (again && e.Fault == VaultFault.AlreadyExists)
            {
                await DemandSameAsync(name, content, e, cancellation);
            }

            return true;
        },
        cancellation);

    public Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        // The usual case, a local read that has ended already, costs nothing more.
        Task first;
        try
        {
            first = inner.ReadAsync(name, offset, buffer, cancellation);
        }
        catch (Exception e)
        {
            first = Task.FromException(e);
        }

        return first.IsCompletedSuccessfully ? first : ReadOnAsync(first, name, offset, buffer, cancellation);
    }

    public Task<long> LengthAsync(ObjectName name, CancellationToken cancellation) =>
        TryAsync("look for", name, _ => inner.LengthAsync(name, cancellation), cancellation);

    public async IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var told = new HashSet<ObjectId>();
        var attempts = rules.Begin("list", null, cancellation);
        while (true)
        {
            // After a failure it begins anew, and passes over what it has told already.
            await using var list = inner.ListAsync(kind, cancellation).GetAsyncEnumerator(cancellation);
            var failed = false;
            while (true)
            {
                try
                {
                    if (!await list.MoveNextAsync())
                    {
                        break;
                    }
                }
                catch (VaultException e) when (e.Fault == VaultFault.Unavailable)
                {
                    await attempts.WaitAsync(e);
                    failed = true;
                    break;
                }

                if (told.Add(list.Current.Name.Id))
                {
                    yield return list.Current;
                }
            }

            if (!failed)
            {
                yield break;
            }
        }
    }

    public Task RemoveAsync(ObjectName name, CancellationToken cancellation) => TryAsync(
        "remove",
        name,
        async again =>
        {
            try
            {
                await inner.RemoveAsync(name, cancellation);
            }
            catch (VaultException e) when (again && e.Fault == VaultFault.NotFound)
            {
                // Removed by the attempt whose answer was lost.
            }

            return true;
        },
        cancellation);

    public Task<int> ClearRemainsAsync(TimeSpan olderThan, CancellationToken cancellation) => inner is IRemains remains
        ? TryAsync("clear", null, _ => remains.ClearRemainsAsync(olderThan, cancellation), cancellation)
        : Task.FromResult(0);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task ReadOnAsync(Task first, ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation) => await TryAsync(
        "read",
        name,
        async again =>
        {
            await (again ? inner.ReadAsync(name, offset, buffer, cancellation) : first);
            return true;
        },
        cancellation);

    private async Task<T> TryAsync<T>(string operation, ObjectName? name, Func<bool, Task<T>> attempt, CancellationToken cancellation)
    {
        var attempts = rules.Begin(operation, name, cancellation);
        while (true)
        {
            try
            {
                return await attempt(attempts.AnyFailed);
            }
            catch (VaultException e) when (e.Fault == VaultFault.Unavailable)
            {
                await attempts.WaitAsync(e);
            }
        }
    }

    /// <summary>What is there under our name must be what we wanted to store, not the torn remains of an attempt.</summary>
    private async Task DemandSameAsync(ObjectName name, ReadOnlyMemory<byte> content, VaultException taken, CancellationToken cancellation)
    {
        var length = await inner.LengthAsync(name, cancellation);
        if (length == content.Length)
        {
            if (length > LongestCompared)
            {
                return;
            }

            var there = new byte[length];
            await inner.ReadAsync(name, 0, there, cancellation);
            if (content.Span.SequenceEqual(there))
            {
                return;
            }
        }

        throw new VaultException(
            VaultFault.AlreadyExists,
            $"{name} is in {Traits.Location} with other content than was to be stored",
            "Somebody else stored it, or an upload was torn. Remove it if it is not whole, then try again.",
            taken);
    }
}
