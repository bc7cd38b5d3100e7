using System.Text.Json.Serialization;

namespace Kedge.Journal.Events;

/// <summary>
/// Something that happened. Events are a format on disk: a name or field that was once written is never renamed or
/// removed, only added to (a frozen sample of each is tested). README.md beside this file explains each for whoever
/// reads the journal by hand.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(JournalOpened), "JournalOpened")]
[JsonDerivedType(typeof(PlanAdopted), "PlanAdopted")]
[JsonDerivedType(typeof(LeadershipTaken), "LeadershipTaken")]
[JsonDerivedType(typeof(LeadershipReleased), "LeadershipReleased")]
[JsonDerivedType(typeof(ServiceDown), "ServiceDown")]
[JsonDerivedType(typeof(ServiceUp), "ServiceUp")]
[JsonDerivedType(typeof(IncidentOpened), "IncidentOpened")]
[JsonDerivedType(typeof(IncidentReclassified), "IncidentReclassified")]
[JsonDerivedType(typeof(IncidentDeclared), "IncidentDeclared")]
[JsonDerivedType(typeof(IncidentEscalated), "IncidentEscalated")]
[JsonDerivedType(typeof(IncidentClosed), "IncidentClosed")]
[JsonDerivedType(typeof(RunPlanned), "RunPlanned")]
[JsonDerivedType(typeof(RunApproved), "RunApproved")]
[JsonDerivedType(typeof(RunDeclined), "RunDeclined")]
[JsonDerivedType(typeof(LossAccepted), "LossAccepted")]
[JsonDerivedType(typeof(RunStarted), "RunStarted")]
[JsonDerivedType(typeof(StepClaimed), "StepClaimed")]
[JsonDerivedType(typeof(StepTakenOver), "StepTakenOver")]
[JsonDerivedType(typeof(StepActing), "StepActing")]
[JsonDerivedType(typeof(EpochTaken), "EpochTaken")]
[JsonDerivedType(typeof(StepActed), "StepActed")]
[JsonDerivedType(typeof(StepVerified), "StepVerified")]
[JsonDerivedType(typeof(StepFailed), "StepFailed")]
[JsonDerivedType(typeof(StepWaits), "StepWaits")]
[JsonDerivedType(typeof(StepConfirmed), "StepConfirmed")]
[JsonDerivedType(typeof(StepRetried), "StepRetried")]
[JsonDerivedType(typeof(StepSkipped), "StepSkipped")]
[JsonDerivedType(typeof(RunPaused), "RunPaused")]
[JsonDerivedType(typeof(RunResumed), "RunResumed")]
[JsonDerivedType(typeof(ActiveSiteChanged), "ActiveSiteChanged")]
[JsonDerivedType(typeof(ServiceServing), "ServiceServing")]
[JsonDerivedType(typeof(LossMeasured), "LossMeasured")]
[JsonDerivedType(typeof(RunCompleted), "RunCompleted")]
[JsonDerivedType(typeof(RunCommitted), "RunCommitted")]
[JsonDerivedType(typeof(RunRolledBack), "RunRolledBack")]
[JsonDerivedType(typeof(RunAborted), "RunAborted")]
[JsonDerivedType(typeof(ReadinessVerified), "ReadinessVerified")]
[JsonDerivedType(typeof(SpaceReserveReleased), "SpaceReserveReleased")]
[JsonDerivedType(typeof(InstanceFenced), "InstanceFenced")]
public abstract record JournalEvent;
