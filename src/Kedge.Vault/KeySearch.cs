using Kedge.Vault.Backends;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;

namespace Kedge.Vault;

/// <summary>Finds the key that a password opens.</summary>
/// <remarks>
/// Whoever can write to the storage can put key files there which are costly to try, and of which nobody knows before whether
/// the password opens them. So the first <see cref="MostFiles"/> that the storage lists are looked at (restic: 20); those
/// whose scrypt costs no more than programs ask for (<see cref="ScryptCost.IsModest"/>) are tried as they come, and
/// costlier ones when none of those opens, the cheapest first, until they have cost as much together as a single key may
/// (<see cref="ScryptCost.MaximumWork"/>, about a minute). A key that asks for more than that, or for more than
/// <see cref="ScryptCost.MaximumMemory"/>, is never tried. restic has no limits for the cost of a key.
/// </remarks>
internal sealed class KeySearch(ReadOnlyMemory<char> password, long mostWork)
{
    internal const int MostFiles = 100;

    private const int MaximumLength = 64 << 10;

    private readonly List<(ObjectName Name, KeyFile Key)> costly = [];
    private VaultException? odd;

    internal static Task<(MasterKey Key, ObjectId Id)> FindAsync(IBackend backend, ReadOnlyMemory<char> password, CancellationToken cancellation) =>
        new KeySearch(password, ScryptCost.MaximumWork).RunAsync(backend, cancellation);

    /// <summary>A key file.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>, <see cref="VaultFault.Damaged"/>, or what the storage says.</exception>
    internal static async Task<KeyFile> LoadAsync(IBackend backend, StoredObject stored, CancellationToken cancellation)
    {
        if (stored.Length > MaximumLength)
        {
            throw VaultException.Damaged($"{stored.Name} has {stored.Length} bytes, which no key has");
        }

        var json = await SecondLook.AtAsync(() => VaultRepository.LoadNamedAsync(backend, stored.Name, MaximumLength, cancellation));
        return Named(stored.Name, () => KeyFile.Parse(json));
    }

    internal async Task<(MasterKey Key, ObjectId Id)> RunAsync(IBackend backend, CancellationToken cancellation)
    {
        var listed = 0;
        await foreach (var stored in backend.ListAsync(ObjectKind.Key, cancellation))
        {
            if (++listed > MostFiles)
            {
                break;
            }

            if (await LookAtAsync(backend, stored, cancellation) is { } key)
            {
                return (key, stored.Name.Id);
            }
        }

        var (work, tried) = (0L, 0);
        foreach (var (name, file) in costly.OrderBy(k => k.Key.Cost.Work))
        {
            cancellation.ThrowIfCancellationRequested();
            work += file.Cost.Work;
            if (work > mostWork)
            {
                break;
            }

            tried++;
            if (TryOpen(name, file) is { } key)
            {
                return (key, name.Id);
            }
        }

        throw Failure(listed, costly.Count - tried);
    }

    /// <summary>Tries a key, or puts it aside where that costs much.</summary>
    private async Task<MasterKey?> LookAtAsync(IBackend backend, StoredObject stored, CancellationToken cancellation)
    {
        KeyFile file;
        try
        {
            file = await LoadAsync(backend, stored, cancellation);
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            // Another key may be good; this is told when none is.
            odd = problem;
            return null;
        }

        if (file.Cost is { IsSane: true, IsModest: false })
        {
            costly.Add((stored.Name, file));
            return null;
        }

        return TryOpen(stored.Name, file);
    }

    private MasterKey? TryOpen(ObjectName name, KeyFile file)
    {
        try
        {
            return Named(name, () => file.TryOpen(password.Span));
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            odd = problem;
            return null;
        }
    }

    private VaultException Failure(int listed, int left)
    {
        var which = listed > MostFiles ? $"none of the first {MostFiles} keys opens with this password" : "no key opens with this password";
        which += left > 0 ? $"; {left} that would take very long were not tried" : "";
        if (odd is not null)
        {
            return new(odd.Fault, $"{which}, and one is unreadable: {odd.Message}", odd.Hint, odd);
        }

        var what = listed == 0 ? "the vault has no keys" : which;
        return new(VaultFault.WrongPassword, what, listed > MostFiles || left > 0 ? "Look in the storage's keys folder for some that nobody of you has made." : "Look whether the password file belongs to this vault.");
    }

    private static T Named<T>(ObjectName name, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            throw new VaultException(VaultFault.Damaged, $"{name}: {problem.Message}", problem.Hint, problem);
        }
    }
}
