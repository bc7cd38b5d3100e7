using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Locking;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>Checks what is no pack: keys, locks, snapshot and index files.</summary>
internal static class LooseObjects
{
    private const int LongestKey = 64 << 10;

    internal static async Task CheckLocksAsync(VaultRepository vault, CheckWanted wanted, FindingList findings, CancellationToken cancellation)
    {
        var now = vault.Time.GetUtcNow();
        foreach (var standing in await LockSurvey.ListAsync(vault, cancellation))
        {
            var name = new ObjectName(ObjectKind.Lock, standing.Id);
            if (standing.File is not { } file)
            {
                findings.Add(new() { Kind = FindingKind.LockUnreadable, IsDamage = true, Object = name, What = $"{name} is damaged or forged", Remedy = CheckRemedies.Lock });
            }
            else if (wanted.Self is { } self ? LockSurvey.IsStale(file, self, now) : LockSurvey.IsOld(file, now))
            {
                findings.Add(new()
                {
                    Kind = FindingKind.LockStale,
                    IsDamage = false,
                    Object = name,
                    What = $"{name} of process {file.ProcessId} on {file.Hostname} was last refreshed at {file.Time}",
                    Remedy = CheckRemedies.Lock,
                });
            }
        }
    }

    internal static async Task CheckKeysAsync(VaultRepository vault, FindingList findings, CancellationToken cancellation)
    {
        foreach (var stored in await vault.ListAsync(ObjectKind.Key, cancellation))
        {
            try
            {
                await CheckKeyAsync(vault, stored, cancellation);
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                findings.Add(new()
                {
                    Kind = FindingKind.KeyUnreadable,
                    IsDamage = true,
                    Object = stored.Name,
                    What = $"{stored.Name}: {problem.Message}",
                    Remedy = CheckRemedies.Key,
                });
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
            {
                // Removed since it was listed.
            }
        }
    }

    internal static async Task<SnapshotSet> CheckSnapshotsAsync(VaultRepository vault, FindingList findings, CancellationToken cancellation)
    {
        var set = await SnapshotSet.LoadAsync(vault, cancellation);
        foreach (var (id, why) in set.Unreadable)
        {
            var name = new ObjectName(ObjectKind.Snapshot, id);
            findings.Add(new()
            {
                Kind = FindingKind.SnapshotUnreadable,
                IsDamage = true,
                Object = name,
                What = $"{name} cannot be read: {why.Message}",
                Remedy = CheckRemedies.Snapshot,
            });
        }

        return set;
    }

    internal static void CheckIndexFiles(IndexSurvey survey, FindingList findings)
    {
        foreach (var (id, why) in survey.Unreadable)
        {
            var name = new ObjectName(ObjectKind.Index, id);
            findings.Add(new()
            {
                Kind = FindingKind.IndexUnreadable,
                IsDamage = true,
                Object = name,
                What = $"{name} cannot be read: {why.Message}",
                Remedy = CheckRemedies.Index,
            });
        }

        foreach (var file in survey.Files.Where(f => f.Repeated > 0))
        {
            var name = new ObjectName(ObjectKind.Index, file.Id);
            findings.Add(new()
            {
                Kind = FindingKind.IndexRepeated,
                IsDamage = false,
                Object = name,
                What = $"{name} lists {file.Packs} packs, {file.Repeated} of which other index files list as well",
                Remedy = "'kedge vault prune' and 'kedge vault repair index' tidy it up.",
            });
        }
    }

    private static async Task CheckKeyAsync(VaultRepository vault, StoredObject stored, CancellationToken cancellation)
    {
        if (stored.Length > LongestKey)
        {
            throw VaultException.Damaged($"it has {stored.Length} bytes, which no key has");
        }

        var json = new byte[(int)stored.Length];
        await vault.Backend.ReadAsync(stored.Name, 0, json, cancellation);
        if (ObjectId.Of(json) != stored.Name.Id)
        {
            throw VaultException.Damaged("it has another content than its name says");
        }

        KeyFile.Parse(json);
    }
}
