using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Memory;

/// <summary>
/// What a client remembers of a vault, so that it notices when the storage puts the whole vault back to an older state. Every
/// object of such a state is genuine; only somebody who has seen a newer one can tell.
/// </summary>
/// <remarks>
/// <para>Remembered are, for each host and paths, the newest snapshot that the client wrote or saw; and which snapshots and
/// keys it has removed. It is an alarm (<see cref="VaultFault.RolledBack"/>) when a remembered snapshot is missing and
/// nothing newer of its group is there, or when something is back that was removed.</para>
/// <para>No alarm: a policy that keeps the newest of a group; a change of tags or another rewriting (<c>original</c> tells);
/// and when some other snapshot is there that was certainly stored after the missing one, because then that one alone was
/// removed. That is told as a finding: it may be a legitimate <c>forget</c> of a whole group, or a storage that loses things.</para>
/// <para>False alarms: another client forgot, by its id or by a policy of another grouping, the newest snapshot of the only
/// group in which something has happened lately; somebody put the vault back on purpose; a storage that goes on listing for a
/// while what was removed. <see cref="AcceptAsync"/> ends them.</para>
/// <para>Silence: a client that has never been here, or lost its file; a state put back that is no older than what the client
/// saw last; a group in which somebody who did not notice has written since.</para>
/// </remarks>
public sealed class VaultMemory
{
    private const int MostNamed = 3;

    private readonly VaultRepository vault;
    private readonly MemoryFile file;

    /// <summary>As it was before anything of the vault was looked at.</summary>
    private readonly MemoryState opened;

    /// <summary>The last event that is surely over.</summary>
    private long passed;

    private VaultMemory(VaultRepository vault, MemoryFile file, MemoryState opened, string? problem)
    {
        (this.vault, this.file, this.opened) = (vault, file, opened);
        Problem = problem;
        passed = opened.Sequence;
        IsNew = problem is null && !file.Exists;
    }

    /// <summary>Whether nothing is remembered of this vault yet.</summary>
    public bool IsNew { get; }

    /// <summary>Why nothing is remembered although something was kept, in one line, to be reported; null where all is well.</summary>
    public string? Problem { get; }

    /// <summary>
    /// Reads what is remembered. This comes before snapshots are listed and before a backup begins: whatever was remembered
    /// by then was in the vault by then.
    /// </summary>
    /// <param name="folder">See <see cref="MemoryPlace"/>; made when there is something to keep.</param>
    public static async Task<VaultMemory> OpenAsync(VaultRepository vault, string folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var file = new MemoryFile(folder, vault.Config.Id, vault.Time);
        var state = await file.ReadAsync(cancellation);
        return new(vault, file, state, file.Problem);
    }

    /// <summary>Makes sure that the vault is not older than what is remembered. Lists snapshots, and reads them only where something is missing.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.RolledBack"/>; what the storage says.</exception>
    public async Task<MemoryFindings> CheckAsync(CancellationToken cancellation)
    {
        var ids = (await vault.ListAsync(ObjectKind.Snapshot, cancellation)).Select(s => s.Name.Id).ToHashSet();
        var isPlain = opened.Newest.All(s => ids.Contains(s.Id)) && !opened.Removed.Any(ids.Contains);
        if (!isPlain)
        {
            return await CheckAsync(await SnapshotSurvey.ListAsync(vault, cancellation), cancellation);
        }

        await DemandNoKeyIsBackAsync(cancellation);
        return MemoryFindings.None;
    }

    /// <summary>The same for a caller who has read all snapshots anyway.</summary>
    /// <param name="all">Read after this memory was opened.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.RolledBack"/>; what the storage says.</exception>
    public async Task<MemoryFindings> CheckAsync(SnapshotList all, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(all);
        await DemandNoKeyIsBackAsync(cancellation);
        var judgement = MemoryJudgement.Of(opened, all, vault.Time.GetUtcNow());
        if (judgement.Gone.Count + judgement.Taken.Count > 0)
        {
            // Another process of this client may have removed them since.
            var now = await file.ReadAsync(cancellation);
            judgement = MemoryJudgement.Of(opened.Announce([.. now.Leaving, .. now.Removed]), all, vault.Time.GetUtcNow());
        }

        return judgement.IsRolledBack ? throw Alarm(judgement) : new([.. judgement.Taken.Select(s => s.ToString())]);
    }

    /// <summary>
    /// Remembers the newest snapshot of each group. What is missing without an explanation stays remembered. A client that
    /// also backs up does this before.
    /// </summary>
    /// <param name="all">All snapshots, read after this memory was opened.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.FileSystem"/> where it cannot be kept.</exception>
    public async Task RememberAsync(SnapshotList all, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(all);
        var now = vault.Time.GetUtcNow();
        var kept = await file.ChangeAsync(state => Seen(state, all, now, MemoryJudgement.Of(state, all, now).Taken), cancellation);
        passed = kept.Sequence;
    }

    /// <summary>Remembers a snapshot that this client has just written, after this memory was opened.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.FileSystem"/> where it cannot be kept.</exception>
    public async Task RememberWrittenAsync(StoredSnapshot snapshot, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var believable = GoTime.From(vault.Time.GetUtcNow() + SnapshotChoice.ClockDifference);
        if (snapshot.File.Time <= believable)
        {
            await file.ChangeAsync(
                state => (state with { Sequence = state.Sequence + 1 }).WithNewest(RememberedSnapshot.Of(snapshot.Id, snapshot.File, state.Sequence + 1, passed)),
                cancellation);
        }
    }

    /// <summary>Says that this client is going to remove snapshots: from now on they are not missed.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.FileSystem"/> where it cannot be kept.</exception>
    public Task AnnounceRemovalAsync(IReadOnlyCollection<ObjectId> snapshots, CancellationToken cancellation) =>
        file.ChangeAsync(state => state.Announce(snapshots), cancellation);

    /// <summary>Says that they are removed: from now on they must not come back.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.FileSystem"/> where it cannot be kept.</exception>
    public Task RememberRemovedAsync(IReadOnlyCollection<ObjectId> snapshots, CancellationToken cancellation) =>
        file.ChangeAsync(state => state.WithRemoved(snapshots), cancellation);

    /// <summary>Says that a key is removed: whoever knows its password must not be able to open the vault again.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.FileSystem"/> where it cannot be kept.</exception>
    public Task RememberRemovedKeyAsync(ObjectId key, CancellationToken cancellation) =>
        file.ChangeAsync(state => state.WithRemovedKey(key), cancellation);

    /// <summary>Takes the vault as it is: what is missing is not missed any more, and what is back may be there.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.FileSystem"/> where it cannot be kept; what the storage says.</exception>
    public async Task AcceptAsync(CancellationToken cancellation)
    {
        var all = await SnapshotSurvey.ListAsync(vault, cancellation);
        var keys = (await vault.ListAsync(ObjectKind.Key, cancellation)).Select(k => k.Name.Id).ToHashSet();
        var present = all.Snapshots.Select(s => s.Id).Concat(all.Damaged.Select(d => d.Id)).ToHashSet();
        await file.ChangeAsync(
            state => Seen(
                state with
                {
                    Newest = [.. state.Newest.Where(s => present.Contains(s.Id))],
                    Leaving = [],
                    Removed = [.. state.Removed.Where(id => !present.Contains(id))],
                    RemovedKeys = [.. state.RemovedKeys.Where(id => !keys.Contains(id))],
                },
                all,
                vault.Time.GetUtcNow(),
                taken: []),
            cancellation);
    }

    private MemoryState Seen(MemoryState state, SnapshotList all, DateTimeOffset now, IReadOnlyList<RememberedSnapshot> taken)
    {
        var believable = GoTime.From(now + SnapshotChoice.ClockDifference);
        var ids = all.Snapshots.Select(s => s.Id).ToHashSet();
        var sequence = state.Sequence + 1;
        var next = state with
        {
            Sequence = sequence,
            // What others did meanwhile may have come after this list.
            ListedAt = state.Sequence == opened.Sequence ? sequence : opened.Sequence,
            Newest = [.. state.Newest.Except(taken)],
            // Whoever was about to remove them has not.
            Leaving = [.. state.Leaving.Where(id => !ids.Contains(id) || !opened.Leaving.Contains(id))],
        };
        foreach (var group in SnapshotGrouping.Usual.Apply(all.Snapshots.Where(s => s.File.Time <= believable)))
        {
            var newest = group.Snapshots[^1];
            next = next.WithNewest(RememberedSnapshot.Of(newest.Id, newest.File, sequence, state.ListedAt));
        }

        return next;
    }

    private async Task DemandNoKeyIsBackAsync(CancellationToken cancellation)
    {
        if (opened.RemovedKeys.Count > 0
            && (await vault.ListAsync(ObjectKind.Key, cancellation)).Select(k => k.Name.Id).Intersect(opened.RemovedKeys).ToList() is { Count: > 0 } back)
        {
            throw Alarm($"the key {back[0].Short}, which was removed here, is back: whoever knows its password can open the vault again");
        }
    }

    private static VaultException Alarm(MemoryJudgement judgement) => Alarm(judgement.Gone.Count > 0
        ? $"the vault is older than this machine remembers: {Named(judgement.Gone.Select(s => s.ToString()))} {(judgement.Gone.Count == 1 ? "is" : "are")} gone, and nothing newer is there"
        : $"the vault is older than this machine remembers: {Named(judgement.Back.Select(id => id.Short))}, which {(judgement.Back.Count == 1 ? "was" : "were")} forgotten here, {(judgement.Back.Count == 1 ? "is" : "are")} back");

    private static VaultException Alarm(string message) => new(
        VaultFault.RolledBack, message, "Somebody put an earlier state back, or removed these snapshots elsewhere. Once you know that this is right, say so: --accept-rollback.");

    private static string Named(IEnumerable<string> snapshots)
    {
        var all = snapshots.ToList();
        var named = $"{(all.Count == 1 ? "snapshot" : $"{all.Count} snapshots, with")} {string.Join("; ", all.Take(MostNamed))}";
        return all.Count > MostNamed ? $"{named}; …" : named;
    }
}
