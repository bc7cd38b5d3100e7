using Kedge.Vault.Crypto;
using Kedge.Vault.Format;

namespace Kedge.Vault.Keys;

/// <summary>
/// Keys of a vault: who can open it. Removing one, or changing a password, does not help against somebody who has opened the
/// vault before and kept the master key: that never changes.
/// </summary>
/// <remarks>The caller holds a lock: a shared one to add, an exclusive one to remove, as restic does.</remarks>
public static class VaultKeys
{
    /// <summary>All keys.</summary>
    public static async Task<KeyList> ListAsync(VaultRepository vault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        var keys = new List<StoredKey>();
        var damaged = new List<(ObjectId Id, VaultException Problem)>();
        foreach (var stored in await vault.ListAsync(ObjectKind.Key, cancellation))
        {
            var id = stored.Name.Id;
            try
            {
                keys.Add(new(id, (await KeySearch.LoadAsync(vault.Backend, stored, cancellation)).Owner, id == vault.KeyId));
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
            {
                // Removed since it was listed.
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                damaged.Add((id, problem));
            }
        }

        return new([.. keys.OrderBy(k => k.Owner.Created).ThenBy(k => k.Id)], damaged);
    }

    /// <summary>Adds a key, and makes sure that it opens.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> for an empty password; what the storage says.</exception>
    public static async Task<ObjectId> AddAsync(
        VaultRepository vault, ReadOnlyMemory<char> password, KeyOwner owner, ScryptCost cost, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        if (password.IsEmpty)
        {
            throw new VaultException(VaultFault.Misuse, "an empty password protects nothing");
        }

        var json = KeyFile.Create(password.Span, vault.Key, owner, cost).Write();
        var name = new ObjectName(ObjectKind.Key, ObjectId.Of(json));
        await vault.Backend.SaveAsync(name, json, cancellation);
        // Whoever relies on it would notice too late.
        var stored = await KeySearch.LoadAsync(vault.Backend, new(name, json.Length), cancellation);
        using var opened = stored.TryOpen(password.Span);
        return opened is not null && opened.SameAs(vault.Key)
            ? name.Id
            : throw VaultException.Damaged($"{name} was stored and does not open", "Remove it, and look whether the storage is sound.");
    }

    /// <summary>Removes a key.</summary>
    /// <param name="key">Its id, or a beginning of it that fits no other.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>; <see cref="VaultFault.Misuse"/> for the key with
    /// which the vault was opened, or the last one, or where several fit; what the storage says.</exception>
    public static async Task<ObjectId> RemoveAsync(VaultRepository vault, string key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentException.ThrowIfNullOrEmpty(key);
        var ids = (await vault.ListAsync(ObjectKind.Key, cancellation)).Select(stored => stored.Name.Id).ToList();
        var fitting = ids.Where(id => id.ToString().StartsWith(key, StringComparison.OrdinalIgnoreCase)).ToList();
        if (fitting.Count != 1)
        {
            throw fitting.Count == 0
                ? new VaultException(VaultFault.NotFound, "there is no such key", "See which there are: kedge vault key list.")
                : new VaultException(VaultFault.Misuse, $"the ids of several keys begin so: {string.Join(", ", fitting.Select(id => id.Short))}", "Give more of its digits.");
        }

        if (fitting[0] == vault.KeyId)
        {
            throw new VaultException(
                VaultFault.Misuse, "the vault is open with this very key, which is not removed", "Open it with another key's password, or change the password: kedge vault key passwd.");
        }

        if (ids.Count < 2)
        {
            throw new VaultException(VaultFault.Misuse, "this is the last key: without it nobody could open the vault", "Add another one before: kedge vault key add.");
        }

        await vault.Backend.RemoveAsync(new(ObjectKind.Key, fitting[0]), cancellation);
        return fitting[0];
    }

    /// <summary>Adds a key with a new password, and removes the one with which the vault was opened.</summary>
    /// <returns>The new key, which is the current one from now on.</returns>
    /// <exception cref="VaultException">As for adding; where the old key cannot be removed, both passwords open the vault, and
    /// the message says so.</exception>
    public static async Task<ObjectId> ChangePasswordAsync(
        VaultRepository vault, ReadOnlyMemory<char> password, KeyOwner owner, ScryptCost cost, CancellationToken cancellation)
    {
        var added = await AddAsync(vault, password, owner, cost, cancellation);
        var old = vault.KeyId;
        vault.KeyId = added;
        try
        {
            await vault.Backend.RemoveAsync(new(ObjectKind.Key, old), cancellation);
        }
        catch (VaultException problem) when (problem.Fault != VaultFault.NotFound)
        {
            throw new VaultException(
                problem.Fault,
                $"the new password opens the vault, but the old one still does as well: its key {old.Short} could not be removed ({problem.Message})",
                "Remove it with credentials that may: kedge vault key remove.",
                problem);
        }

        return added;
    }
}
