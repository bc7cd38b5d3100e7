using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Locking;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>Checks what is no pack: keys, locks, snapshot and index files.</summary>
internal static class LooseObjects
{
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
                var key = await KeySearch.LoadAsync(vault.Backend, stored, cancellation);
                if (!key.Cost.IsSane)
                {
                    findings.Add(Unreadable(FindingKind.KeyUnreadable, stored.Name, "it asks for more than any key may", CheckRemedies.Key));
                }
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                findings.Add(Unreadable(FindingKind.KeyUnreadable, stored.Name, problem.Message, CheckRemedies.Key));
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
            findings.Add(Unreadable(FindingKind.SnapshotUnreadable, new(ObjectKind.Snapshot, id), why.Message, CheckRemedies.Snapshot));
        }

        return set;
    }

    internal static void CheckIndexFiles(IndexSurvey survey, FindingList findings)
    {
        foreach (var (id, why) in survey.Unreadable)
        {
            findings.Add(Unreadable(FindingKind.IndexUnreadable, new(ObjectKind.Index, id), why.Message, CheckRemedies.Index));
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

    private static CheckFinding Unreadable(FindingKind kind, ObjectName name, string why, string remedy) =>
        new() { Kind = kind, IsDamage = true, Object = name, What = $"{name} cannot be read: {why}", Remedy = remedy };
}
