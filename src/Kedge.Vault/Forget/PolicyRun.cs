using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.Vault.Forget;

/// <summary>Applies a policy to one group (restic, internal/data/snapshot_policy.go).</summary>
internal sealed class PolicyRun
{
    private readonly ForgetPolicy policy;
    private readonly PolicyBucket[] counted;
    private readonly (PolicyBucket Bucket, CalendarDuration Within, GoTime After)[] recent;
    private readonly GoTime after;

    /// <param name="newest">The time of the group's newest snapshot that is not of the future.</param>
    private PolicyRun(ForgetPolicy policy, GoTime newest, PolicyCalendar calendar)
    {
        this.policy = policy;
        var times = new Func<GoTime, long>[] { PolicyCalendar.Hour, PolicyCalendar.Day, PolicyCalendar.Week, PolicyCalendar.Month, PolicyCalendar.Year };
        counted = [.. policy.Counts.Select((c, i) => new PolicyBucket(i == 0 ? "last snapshot" : $"{c.Word} snapshot", c.Count, i == 0 ? null : times[i - 1]))];
        recent =
        [
            .. policy.Spans.Select((s, i) => (new PolicyBucket($"{s.Word} within", s.Within.IsZero ? 0 : ForgetPolicy.Unlimited, times[i]), s.Within, calendar.Earlier(newest, s.Within))),
        ];
        after = calendar.Earlier(newest, policy.Within);
    }

    /// <param name="now">Times after it are not believed.</param>
    internal static ForgetGroup Apply(ForgetPolicy policy, SnapshotGroup group, GoTime now, PolicyCalendar calendar)
    {
        var snapshots = group.Snapshots.Order(Comparer<StoredSnapshot>.Create(StoredSnapshot.NewerFirst)).ToList();
        var newest = snapshots.Find(s => s.File.Time < now)?.File.Time ?? GoTime.None;
        var run = new PolicyRun(policy, newest, calendar);
        List<KeptSnapshot> keep = [];
        List<StoredSnapshot> remove = [];
        for (var at = 0; at < snapshots.Count; at++)
        {
            var reasons = run.ReasonsFor(snapshots[at].File, isOldest: at == snapshots.Count - 1);
            if (reasons.Count > 0)
            {
                keep.Add(new(snapshots[at], reasons, run.Counters));
            }
            else
            {
                remove.Add(snapshots[at]);
            }
        }

        return new(group.Key, keep, remove);
    }

    private KeepCounters Counters => new(counted[0].Left, counted[1].Left, counted[2].Left, counted[3].Left, counted[4].Left, counted[5].Left);

    private List<string> ReasonsFor(SnapshotFile snapshot, bool isOldest)
    {
        List<string> reasons = [.. policy.Tags.Where(list => list.IsFulfilledBy(snapshot.Tags)).Select(list => $"has tags {list}")];
        if (!policy.Within.IsZero && snapshot.Time > after)
        {
            reasons.Add($"within {policy.Within}");
        }

        reasons.AddRange(counted.Select(bucket => bucket.ReasonFor(snapshot.Time, isOldest)).OfType<string>());
        foreach (var (bucket, within, start) in recent)
        {
            if (snapshot.Time > start && bucket.ReasonFor(snapshot.Time, isOldest) is { } reason)
            {
                reasons.Add($"{reason} {within}");
            }
        }

        return reasons;
    }
}
