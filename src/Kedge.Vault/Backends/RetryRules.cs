using Kedge.Vault.Format;

namespace Kedge.Vault.Backends;

/// <summary>
/// When a failed operation is tried again: after waits that double up to half a minute and vary, so that many clients do not
/// come back at once.
/// </summary>
/// <param name="retryFor">From the first failure of an operation on.</param>
/// <param name="onRetry">Told before each wait; may be called by several threads at the same time.</param>
/// <param name="random">Makes the waits vary. Used under a lock.</param>
internal sealed class RetryRules(TimeSpan retryFor, Action<BackendRetry>? onRetry, Random random, TimeProvider time)
{
    private readonly TimeSpan retryFor = retryFor;
    private readonly Action<BackendRetry>? onRetry = onRetry;
    private readonly TimeProvider time = time;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <param name="operation">As a word for a person.</param>
    internal Attempts Begin(string operation, ObjectName? name, CancellationToken cancellation) => new(this, operation, name, cancellation);

    /// <summary>Between half and one and a half.</summary>
    private double Vary()
    {
        lock (random)
        {
            return 0.5 + random.NextDouble();
        }
    }

    /// <summary>The attempts at one operation.</summary>
    internal sealed class Attempts
    {
        private readonly RetryRules rules;
        private readonly string operation;
        private readonly ObjectName? name;
        private readonly CancellationToken cancellation;
        private int failures;
        private long firstFailure;
        private TimeSpan next = FirstWait;

        internal Attempts(RetryRules rules, string operation, ObjectName? name, CancellationToken cancellation) =>
            (this.rules, this.operation, this.name, this.cancellation) = (rules, operation, name, cancellation);

        internal bool AnyFailed => failures > 0;

        /// <summary>Returns when the next attempt is due; throws the failure where the time for that is over.</summary>
        internal async Task WaitAsync(VaultException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            if (failures++ == 0)
            {
                firstFailure = rules.time.GetTimestamp();
            }

            var wait = next * rules.Vary();
            if (rules.time.GetElapsedTime(firstFailure) + wait > rules.retryFor)
            {
                throw failure;
            }

            rules.onRetry?.Invoke(new(operation, name, failures, wait, failure));
            await Task.Delay(wait, rules.time, cancellation);
            next = next * 2 < LongestWait ? next * 2 : LongestWait;
        }
    }
}
