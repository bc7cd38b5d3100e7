using Kedge.Drivers;
using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Watch;

/// <summary>
/// What the results of one check say. A service counts as down after the first failure and as many more as the check
/// asks for, and as up again after two successes in a row; a single result changes nothing that people see.
/// </summary>
public sealed class CheckHistory(Check check)
{
    private const int SuccessesForUp = 2;
    private readonly List<CheckEvidence> failures = [];
    private int successes;

    public Check Check { get; } = check;

    /// <summary>When the first failure of the present row was seen; null while the newest result is a success.</summary>
    public DateTimeOffset? FailingSince => failures.Count > 0 ? failures[0].At : null;

    public bool Down => failures.Count > Check.Confirmations;

    public bool Up => successes >= SuccessesForUp;

    /// <summary>The failures of the present row, oldest first, as many as it took to confirm them.</summary>
    public IReadOnlyList<CheckEvidence> Evidence => failures;

    /// <summary>The newest result; null before the first.</summary>
    public CheckResult? Newest { get; private set; }

    public void Take(CheckResult result, SiteName site, DateTimeOffset at)
    {
        Newest = result;
        if (result.Ok)
        {
            failures.Clear();
            successes = Math.Min(successes + 1, SuccessesForUp);
            return;
        }

        successes = 0;
        if (!Down)
        {
            failures.Add(new(Check.Name, site, at, result.What));
        }
    }

    /// <summary>Forgets all: the service is active elsewhere now.</summary>
    public void Clear()
    {
        failures.Clear();
        successes = 0;
        Newest = null;
    }
}
