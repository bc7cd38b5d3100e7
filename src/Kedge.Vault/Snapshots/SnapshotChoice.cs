using Kedge.Vault.Format;

namespace Kedge.Vault.Snapshots;

/// <summary>Finds the snapshots that a person means.</summary>
public static class SnapshotChoice
{
    /// <summary>Clocks differ, and time zones are set wrong.</summary>
    internal static readonly TimeSpan ClockDifference = TimeSpan.FromDays(1);

    private const int MostCandidates = 5;

    /// <summary>With fewer digits in common nobody meant it.</summary>
    private const int SimilarDigits = 4;

    /// <summary>One snapshot by its name; see <see cref="SnapshotReference"/>.</summary>
    /// <param name="filter">Among which the latest is looked for; does not count where an id is given.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>; <see cref="VaultFault.Misuse"/> where several
    /// fit; what the storage says.</exception>
    public static async Task<ChosenSnapshot> OneAsync(VaultRepository vault, string reference, SnapshotFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(filter);
        var wanted = SnapshotReference.Parse(reference);
        if (wanted.IsLatest)
        {
            var all = await SnapshotSurvey.ListAsync(vault, cancellation);
            return new(Latest(all, filter, vault.Time), wanted.Subfolder, all.Damaged);
        }

        var id = ObjectId.TryParse(wanted.Name, out var whole)
            ? whole
            : Find(await IdsAsync(vault, cancellation), wanted.Name);
        return new(await SnapshotSurvey.LoadAsync(vault, id, cancellation), wanted.Subfolder, []);
    }

    /// <summary>The snapshots that are named one by one, each once; where none are named, all that pass the filter.</summary>
    /// <exception cref="VaultException">As for one; also <see cref="VaultFault.Misuse"/> where a folder is named with a snapshot.</exception>
    public static async Task<SnapshotList> ManyAsync(
        VaultRepository vault, IReadOnlyCollection<string> references, SnapshotFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(references);
        ArgumentNullException.ThrowIfNull(filter);
        var wanted = references.Select(SnapshotReference.Parse).ToList();
        if (wanted.Find(w => w.Subfolder.Length > 0) is { } odd)
        {
            throw new VaultException(VaultFault.Misuse, $"whole snapshots are meant here, not a folder in one ({odd.Name})", "Leave out what stands from the colon on.");
        }

        if (wanted.Count == 0)
        {
            var all = await SnapshotSurvey.ListAsync(vault, cancellation);
            return all with { Snapshots = [.. all.Snapshots.Where(s => filter.Matches(s.File))] };
        }

        var ids = await IdsAsync(vault, cancellation);
        var named = wanted.Where(w => !w.IsLatest).Select(w => Find(ids, w.Name)).ToHashSet();
        var usesFilter = wanted.Exists(w => w.IsLatest);
        if (!usesFilter)
        {
            return await SnapshotSurvey.LoadAsync(vault, named, cancellation) with { FilterWasIgnored = !filter.IsEmpty };
        }

        var list = await SnapshotSurvey.LoadAsync(vault, ids, cancellation);
        named.Add(Latest(list, filter, vault.Time).Id);
        return list with { Snapshots = [.. list.Snapshots.Where(s => named.Contains(s.Id))] };
    }

    /// <summary>
    /// The newest snapshot that passes the filter. One that claims to be of a time to come is not it where there is another,
    /// or a single wrong clock would hide all that follows.
    /// </summary>
    internal static StoredSnapshot Latest(SnapshotList list, SnapshotFilter filter, TimeProvider time)
    {
        var believable = GoTime.From(time.GetUtcNow() + ClockDifference);
        var fitting = list.Snapshots.Where(s => filter.Matches(s.File)).ToList();
        return fitting.FindLast(s => s.File.Time <= believable)
            ?? fitting.LastOrDefault()
            ?? throw new VaultException(
                VaultFault.NotFound,
                $"there is no snapshot{filter}",
                list.Snapshots.Count > 0 ? $"Of others there are {list.Snapshots.Count}: kedge vault snapshots." : "Nothing was backed up into this vault yet.");
    }

    private static async Task<List<ObjectId>> IdsAsync(VaultRepository vault, CancellationToken cancellation) =>
        [.. (await vault.ListAsync(ObjectKind.Snapshot, cancellation)).Select(s => s.Name.Id).Order()];

    private static ObjectId Find(List<ObjectId> ids, string prefix)
    {
        var fitting = ids.Where(id => id.ToString().StartsWith(prefix, StringComparison.Ordinal)).Take(MostCandidates + 1).ToList();
        return fitting.Count switch
        {
            1 => fitting[0],
            0 => throw new VaultException(VaultFault.NotFound, $"no snapshot's id begins with {prefix}", Similar(ids, prefix)),
            _ => throw new VaultException(
                VaultFault.Misuse, $"the ids of several snapshots begin with {prefix}: {Listed(fitting, prefix.Length)}", "Give more of its digits."),
        };
    }

    private static string Similar(List<ObjectId> ids, string prefix)
    {
        const string list = "kedge vault snapshots lists them.";
        if (ids.Count == 0 || prefix.Length <= SimilarDigits)
        {
            return list;
        }

        var common = ids.Max(id => id.ToString().AsSpan().CommonPrefixLength(prefix));
        return common < SimilarDigits
            ? list
            : $"Similar: {Listed([.. ids.Where(id => id.ToString().AsSpan().CommonPrefixLength(prefix) == common)], prefix.Length)}; {list}";
    }

    private static string Listed(List<ObjectId> ids, int digits) =>
        string.Join(", ", ids.Take(MostCandidates).Select(id => id.ToString()[..Math.Min(ObjectId.HexLength, Math.Max(8, digits + 4))])) + (ids.Count > MostCandidates ? ", …" : "");
}
