using System.Text.Json.Serialization;
using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>One failed check, as evidence of an outage.</summary>
public sealed record CheckEvidence(string Check, SiteName Site, DateTimeOffset At, string What);

/// <summary>A failure as data: what failed and what an operator may do about it.</summary>
/// <param name="OutcomeUnknown">True where the act may have had its effect although it did not return.</param>
public sealed record StepFailure(string What, string? Hint, bool OutcomeUnknown);

/// <summary>Who may approve a run, and how many it takes; zero where the command itself was the decision.</summary>
public sealed record ApprovalRule(IReadOnlyList<string> Approvers, int Needed, DateTimeOffset? Deadline, bool ProceedAfterDeadline);

/// <summary>What promoting a copy now would lose.</summary>
/// <param name="Known">False where nothing could be measured: unknown is not zero.</param>
/// <param name="Time">Age of the newest change that the copy surely has, at the outage; null where unknown.</param>
/// <param name="Bytes">Of the active side's log, against its last known position; null where unknown.</param>
/// <param name="Refused">True where it is unknown, or greater than the service's RPO: nothing is promoted until a person accepts it by name.</param>
/// <param name="Basis">How it is known, or why it is not.</param>
public sealed record ExpectedLoss(ComponentId Component, bool Known, TimeSpan? Time, long? Bytes, bool Refused, string Basis);

/// <summary>What a recovered copy lacks.</summary>
/// <param name="Time">From the newest marker in the copy to the outage, an upper bound; null where it could not be measured.</param>
/// <param name="Transactions">Null until the old copy could be read again.</param>
/// <param name="Estimate">True until the old copy was read again.</param>
public sealed record AchievedLoss(TimeSpan? Time, long? Transactions, bool Estimate, string Basis);

/// <summary>What kind of thing a step is to the run engine.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepKind>))]
public enum StepKind
{
    /// <summary>An action of a driver on an instance.</summary>
    Act,

    /// <summary>A person does something, or attests it.</summary>
    Confirm,

    /// <summary>The service's checks must succeed at a site.</summary>
    Check,

    /// <summary>Time passes (caches run out).</summary>
    Wait,

    /// <summary>Cannot be done as things are; it says why.</summary>
    Blocked,
}
