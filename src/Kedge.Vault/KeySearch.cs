using Kedge.Vault.Backends;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;

namespace Kedge.Vault;

/// <summary>Finds the key that a password opens.</summary>
internal static class KeySearch
{
    /// <summary>More keys are not tried: each costs the time of a scrypt.</summary>
    private const int MaximumKeys = 20;

    private const int MaximumLength = 64 << 10;

    internal static async Task<(MasterKey Key, ObjectId Id)> FindAsync(IBackend backend, ReadOnlyMemory<char> password, CancellationToken cancellation)
    {
        var tried = 0;
        VaultException? odd = null;
        await foreach (var stored in backend.ListAsync(ObjectKind.Key, cancellation))
        {
            if (++tried > MaximumKeys)
            {
                break;
            }

            try
            {
                if (await TryAsync(backend, stored, password, cancellation) is { } key)
                {
                    return (key, stored.Name.Id);
                }
            }
            catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
            {
                // Another key may be good; this is told when none is.
                odd = problem;
            }
        }

        throw odd is not null
            ? new VaultException(odd.Fault, $"no key opens with this password, and one is unreadable: {odd.Message}", odd.Hint, odd)
            : new VaultException(
                VaultFault.WrongPassword,
                tried == 0 ? "the vault has no keys" : tried > MaximumKeys ? $"none of the first {MaximumKeys} keys opens with this password" : "no key opens with this password",
                "Look whether the password file belongs to this vault.");
    }

    /// <summary>A key file.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>, <see cref="VaultFault.Damaged"/>, or what the storage says.</exception>
    internal static async Task<KeyFile> LoadAsync(IBackend backend, StoredObject stored, CancellationToken cancellation)
    {
        if (stored.Length > MaximumLength)
        {
            throw VaultException.Damaged($"{stored.Name} has {stored.Length} bytes, which no key has");
        }

        var json = await SecondLook.AtAsync(() => VaultRepository.LoadNamedAsync(backend, stored.Name, MaximumLength, cancellation));
        try
        {
            return KeyFile.Parse(json);
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            throw new VaultException(VaultFault.Damaged, $"{stored.Name}: {problem.Message}", problem.Hint, problem);
        }
    }

    private static async Task<MasterKey?> TryAsync(IBackend backend, StoredObject stored, ReadOnlyMemory<char> password, CancellationToken cancellation) =>
        Opened(stored, await LoadAsync(backend, stored, cancellation), password);

    /// <summary>What a key costs to open is found out only when it is tried.</summary>
    private static MasterKey? Opened(StoredObject stored, KeyFile key, ReadOnlyMemory<char> password)
    {
        try
        {
            return key.TryOpen(password.Span);
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            throw new VaultException(VaultFault.Damaged, $"{stored.Name}: {problem.Message}", problem.Hint, problem);
        }
    }
}
