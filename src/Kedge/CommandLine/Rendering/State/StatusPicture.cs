using Kedge.Decide;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Rendering.State;

/// <summary>Everything that `kedge status` tells, put together from the journal and from a look at the world.</summary>
public sealed record StatusPicture
{
    public required KedgePlan Plan { get; init; }

    /// <summary>Since when the plan is in force; null where that is not known.</summary>
    public required NodeIdentity? Leader { get; init; }

    /// <summary>True where the leader's process is certainly dead.</summary>
    public required bool LeaderIsDead { get; init; }

    /// <summary>True where somebody watches, so that what is not said to be down is seen to serve.</summary>
    public bool IsWatched => Leader is not null && !LeaderIsDead;

    public required IReadOnlyList<ServiceStatus> Services { get; init; }

    public required WorldView World { get; init; }

    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>Runs that are not over, and those that wait for a commit.</summary>
    public required IReadOnlyList<RunState> Runs { get; init; }

    /// <summary>What the reader should know before all else: an edited plan that is not in force, say.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    public required DateTimeOffset Now { get; init; }
}

/// <summary>One service's status.</summary>
/// <param name="Failover">The failover that would be compiled now; null where there is no other site.</param>
/// <param name="Lag">What moving now would lose, for each data store.</param>
/// <param name="Down">The outage; null while it serves, as far as anybody watches.</param>
/// <param name="MovedBy">The run that moves it now; null where none does.</param>
public sealed record ServiceStatus(
    Service Service,
    SiteName Active,
    Prediction? Failover,
    IReadOnlyList<ExpectedLoss> Lag,
    Readiness Readiness,
    ServiceDown? Down,
    RunId? MovedBy);
