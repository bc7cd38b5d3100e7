using Kedge.Journal.Events;

namespace Kedge.Simulation.Laws;

/// <summary>Events, a line each.</summary>
internal static class EntryText
{
    public static string Of(JournalEvent what) => what switch
    {
        PlanAdopted e => $"PlanAdopted {e.Name}",
        RunPlanned e => $"RunPlanned {e.Run} {e.Kind} {string.Join(", ", e.Plan.Moves.Select(m => $"{m.Service} {m.From} to {m.To}"))}, loss {string.Join(", ", e.ExpectedLoss.Select(l => $"{(l.Known ? $"{l.Time?.TotalSeconds:0.0} s" : "unknown")}{(l.Refused ? " refused" : "")} ({l.Basis})"))}",
        StepFailed e => $"StepFailed {e.Run} {e.Step}: {e.Failure.What}{(e.Failure.OutcomeUnknown ? " (outcome unknown)" : "")}{(e.RetryAt is null ? "" : ", to be retried")}",
        StepClaimed e => $"StepClaimed {e.Run} {e.Step} #{e.Claim}",
        StepActing e => $"StepActing {e.Run} {e.Step} #{e.Claim} attempt {e.Attempt} epoch {e.Epoch}",
        StepActed e => $"StepActed {e.Run} {e.Step} #{e.Claim}",
        StepTakenOver e => $"StepTakenOver {e.Run} {e.Step} from {e.From}: {e.Because}",
        ServiceDown e => $"ServiceDown {e.Service}@{e.Site}: {e.Evidence[^1].What}",
        IncidentOpened e => $"IncidentOpened {e.Incident} {e.Scenario} at {e.Site}: {e.Because}",
        _ => what.ToString(),
    };
}
