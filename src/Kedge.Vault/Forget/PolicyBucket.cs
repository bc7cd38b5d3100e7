using Kedge.Vault.Format;

namespace Kedge.Vault.Forget;

/// <summary>Counts snapshots, newest first, by the hour, day or other time to which they belong.</summary>
/// <param name="reason">Why the first of a time is kept.</param>
/// <param name="timeOf">The number of the time to which a snapshot belongs; null where each is one of its own.</param>
internal sealed class PolicyBucket(string reason, int count, Func<GoTime, long>? timeOf)
{
    private long? last;

    /// <summary>How many more are kept.</summary>
    internal int Left { get; private set; } = count;

    /// <returns>Null where the snapshot is not kept for this.</returns>
    internal string? ReasonFor(GoTime time, bool isOldest)
    {
        if (Left is not (> 0 or ForgetPolicy.Unlimited))
        {
            return null;
        }

        var number = timeOf?.Invoke(time);
        var isNew = number is null || number != last;
        // The oldest is kept while something is left, so that the history begins as early as it can.
        if (!isNew && !isOldest)
        {
            return null;
        }

        last = number;
        Left -= Left > 0 ? 1 : 0;
        return isNew ? reason : $"oldest {reason}";
    }
}
