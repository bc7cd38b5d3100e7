using Kedge.Decide;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.Runs;

/// <summary>
/// The five clocks of a run, each measured apart: outage → detected → declared → decided → serving → verified. A clock
/// that did not stop yet, or never will, is null.
/// </summary>
/// <param name="Outage">When the first failure was seen; null where nothing had failed.</param>
/// <param name="Declared">When the incident was declared, by a person or by being opened.</param>
/// <param name="Decided">When enough approvals were there, or the command was given.</param>
/// <param name="Serving">When the last of the services was seen to serve at its new site.</param>
/// <param name="Verified">When the last end-to-end test had been journaled.</param>
public sealed record RunClocks(
    DateTimeOffset? Outage,
    DateTimeOffset? Detected,
    DateTimeOffset? Declared,
    DateTimeOffset? Decided,
    DateTimeOffset? Serving,
    DateTimeOffset? Verified)
{
    /// <summary>Where the RTO's clock starts: with the outage, else with the decision to move.</summary>
    public DateTimeOffset? Start => Outage ?? Decided;

    /// <summary>The recovery time achieved, once everything serves.</summary>
    public TimeSpan? Rta => Serving - Start;

    public static RunClocks Of(RunState run, Incident? incident)
    {
        ArgumentNullException.ThrowIfNull(run);
        var tests = run.Steps.Where(s => s.Step.Phase is Phase.Verify).ToList();
        var verified = tests.Count > 0 && tests.All(s => s.Over) ? tests.Max(s => s.EndedAt) : null;
        return new(
            run.Planned.Outage ?? incident?.Opened.Outage,
            incident?.Opened.Detected,
            incident?.DeclaredAt ?? incident?.OpenedAt,
            run.StartedAt,
            run.ServingAt,
            verified);
    }

    /// <summary>The recovery time achieved of one service.</summary>
    public TimeSpan? RtaOf(RunState run, ServiceName service)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Serving.TryGetValue(service, out var at) ? at - Start : null;
    }
}
