using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Forget;

/// <summary>What a policy keeps and removes. Nothing has happened yet.</summary>
public sealed class ForgetPlan
{
    private ForgetPlan(IReadOnlyList<ForgetGroup> groups) => Groups = groups;

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<ForgetGroup> Groups { get; }

    /// <summary>What is to be removed.</summary>
    public IReadOnlyList<StoredSnapshot> Remove => [.. Groups.SelectMany(group => group.Remove)];

    /// <summary>
    /// Applies a policy as restic does. Hours, days and so on are those of the clock that a snapshot was made by; spans count
    /// back from the newest snapshot of a group.
    /// </summary>
    /// <param name="snapshots">All there are; the filter is applied to them.</param>
    /// <param name="time">Says what is now, and which is the local time zone.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where the policy is empty, or would leave nothing of
    /// a group.</exception>
    public static ForgetPlan Make(IEnumerable<StoredSnapshot> snapshots, ForgetWanted wanted, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(time);
        Demand(wanted);
        var now = GoTime.From(time.GetUtcNow());
        var calendar = new PolicyCalendar(time.LocalTimeZone);
        var groups = wanted.Grouping.Apply(snapshots.Where(s => wanted.Filter.Matches(s.File)))
            .Select(group => PolicyRun.Apply(wanted.Policy, group, now, calendar)).ToList();
        return wanted.Policy.IsEmpty || groups.Find(group => group.Keep.Count == 0) is not { } bare
            ? new(groups)
            : throw new VaultException(
                VaultFault.Misuse,
                $"the policy would keep nothing of {(bare.Key.ToString() is { Length: > 0 } key ? key : "all snapshots")}",
                "Nothing was removed. Keep at least one (--keep-last 1), or name the snapshots that shall go.");
    }

    private static void Demand(ForgetWanted wanted)
    {
        if (wanted.Policy.Counts.Any(c => c.Count < ForgetPolicy.Unlimited))
        {
            throw new VaultException(VaultFault.Misuse, "negative numbers of snapshots cannot be kept", "'unlimited' keeps all.");
        }

        if (wanted.Policy.IsEmpty && !wanted.AllowRemovingAll)
        {
            throw new VaultException(VaultFault.Misuse, "no policy was given, so that nothing would be kept", "Nothing was removed. Say what to keep, as with --keep-daily 7.");
        }

        if (wanted.Policy.IsEmpty && wanted.Filter.IsEmpty)
        {
            throw new VaultException(VaultFault.Misuse, "all snapshots of a vault are not removed at once", "Say which are meant: --host, --tag or --path.");
        }
    }
}
