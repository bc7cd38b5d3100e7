using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Journal.Events;

namespace Kedge.CommandLine.Rendering.State;

/// <summary>An event of the journal in one line.</summary>
public static class EventText
{
    public static string Of(JournalEvent what) => what switch
    {
        JournalOpened e => $"journal {e.Journal} opened",
        PlanAdopted e => $"plan {e.Name}, version {e.Version.Short}, is in force",
        LeadershipTaken e => $"{e.Node} leads, term {e.Term}{Because(e.Because)}",
        LeadershipReleased e => $"{e.Node} no longer leads",
        ServiceDown e => $"{e.Service} is down at {e.Site}: {e.Evidence[^1].Check}: {e.Evidence[^1].What}",
        ServiceUp e => $"{e.Service} is up at {e.Site} again",
        IncidentOpened e => $"{e.Incident} opened: {Words.Of(e.Scenario)} at {e.Site}, {e.Because}",
        IncidentReclassified e => $"{e.Incident} is a {Words.Of(e.Scenario)}: {e.Because}",
        IncidentDeclared e => $"{e.Incident} declared by {e.By}{Because(e.Comment)}",
        IncidentEscalated e => $"{e.Incident} escalated: {e.Because}",
        IncidentClosed e => $"{e.Incident} closed: {e.Because}",
        RunPlanned e => $"{e.Run} planned by {e.RequestedBy}: {(e.DryRun ? "dry run of a " : "")}{RecoveryPlanTable.Title(e.Plan)}, {Figures.Count(e.Plan.Steps.Count, "step")}",
        RunApproved e => $"{e.Run} approved by {e.By}{Because(e.Comment)}",
        RunDeclined e => $"{e.Run} declined by {e.By}{Because(e.Comment)}",
        LossAccepted e => $"{e.Run}: {e.By} accepted the loss of {e.Component}",
        RunStarted e => $"{e.Run} began, term {e.Term}",
        StepClaimed e => $"{e.Run}: {e.Step}: claimed by {e.Node}",
        StepTakenOver e => $"{e.Run}: {e.Step}: free again, {e.Because}",
        StepActing e => $"{e.Run}: {e.Step}: acting{(e.Attempt > 1 ? $", attempt {e.Attempt}" : "")}{(e.Epoch is { } epoch ? $", epoch {epoch}" : "")}",
        EpochTaken e => $"{e.Run}: epoch {e.Epoch} of {e.Component} belongs to {e.Site}",
        StepActed e => $"{e.Run}: {e.Step}: {e.Report}",
        StepVerified e => $"{e.Run}: {e.Step}: {(e.WasDone ? "was done already: " : "done: ")}{e.Evidence}",
        StepFailed e => $"{e.Run}: {e.Step}: failed: {e.Failure.What}{(e.RetryAt is null ? "" : ", tried again")}",
        StepWaits e => $"{e.Run}: {e.Step}: waits for a person: {e.Instruction}",
        StepConfirmed e => $"{e.Run}: {e.Step}: {e.By} confirmed: {e.Note}",
        StepRetried e => $"{e.Run}: {e.Step}: {e.By} asked for another attempt",
        StepSkipped e => $"{e.Run}: {e.Step}: skipped by {e.By}: {e.Reason}",
        RunPaused e => $"{e.Run} paused: {e.Because}",
        RunResumed e => $"{e.Run} resumed by {e.By}",
        ActiveSiteChanged e => $"{e.Run}: {e.Service} is active at {e.Site}",
        ServiceServing e => $"{e.Run}: {e.Service} serves at {e.Site}",
        LossMeasured e => $"{e.Run}: {e.Component} lost {(e.Loss.Time is { } time ? $"{(e.Loss.Estimate ? "at most " : "")}{Figures.Time(time)}" : "an unknown amount")}: {e.Loss.Basis}",
        RunCompleted e => $"{e.Run} done{(e.CommitPending ? ", waits for a commit" : "")}",
        RunCommitted e => $"{e.Run} committed by {e.By}",
        RunRolledBack e => $"{e.Run} taken back by {e.Rollback}, {e.By}",
        RunAborted e => $"{e.Run} aborted by {e.By}: {e.Reason}",
        ReadinessVerified e => $"{e.Service} proven ready by {e.By}",
        SpaceReserveReleased e => $"the disk is full: {Figures.Bytes(e.Bytes)} of reserve given up",
        InstanceFenced e => $"{e.Instance} came back with epoch {e.Epoch} and was stopped: {e.Because}",
        _ => what.GetType().Name,
    };

    private static string Because(string? because) => because is null ? "" : $": {because}";
}
