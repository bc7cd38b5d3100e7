using Kedge.Journal;
using Kedge.Journal.Events;

namespace Kedge.Recover.Run;

/// <summary>Folds the events of single steps into their run.</summary>
internal static class StepFold
{
    public static void Apply(RunState run, JournalEntry entry)
    {
        switch (entry.Event)
        {
            case StepClaimed e when run.Find(e.Step) is { } step:
                Enter(step, StepStatus.Claimed, entry);
                (step.Claim, step.Node) = (e.Claim, e.Node);
                step.ClaimedAt ??= entry.At;
                step.RetryAt = null;
                break;
            case StepTakenOver e when run.Find(e.Step) is { } step:
                Enter(step, StepStatus.Pending, entry);
                (step.Node, step.Claim) = (null, e.Claim);
                break;
            case StepActing e when run.Find(e.Step) is { } step:
                Enter(step, StepStatus.Acting, entry);
                (step.Attempts, step.OutcomeUnknown) = (e.Attempt, true);
                break;
            case StepActed e when run.Find(e.Step) is { } step:
                Enter(step, StepStatus.Verifying, entry);
                (step.Note, step.OutcomeUnknown, step.Acted) = (e.Report, false, true);
                break;
            case StepVerified e when run.Find(e.Step) is { } step:
                End(step, StepStatus.Done, e.Evidence, entry);
                step.InDriver = e.InDriver;
                break;
            case StepFailed e when run.Find(e.Step) is { } step:
                Enter(step, StepStatus.Failed, entry);
                (step.Node, step.Failure, step.RetryAt) = (null, e.Failure, e.RetryAt);
                (step.Attempts, step.OutcomeUnknown) = (e.Attempt, e.Failure.OutcomeUnknown);
                break;
            case StepWaits e when run.Find(e.Step) is { } step:
                // A person has it now: there is nothing to take over from the node that asked.
                Enter(step, StepStatus.Waiting, entry);
                (step.Note, step.Node) = (e.Instruction, null);
                step.ClaimedAt ??= entry.At;
                break;
            case StepConfirmed e when run.Find(e.Step) is { } step:
                End(step, StepStatus.Done, $"{e.By}: {e.Note}", entry);
                break;
            case StepRetried e when run.Find(e.Step) is { } step:
                // Asking for a retry is the operator's word that an act of unknown outcome may be repeated.
                Enter(step, StepStatus.Pending, entry);
                (step.Node, step.Failure, step.RetryAt) = (null, null, null);
                (step.Attempts, step.OutcomeUnknown, step.Acted) = (0, false, false);
                break;
            case StepSkipped e when run.Find(e.Step) is { } step:
                End(step, StepStatus.Skipped, e.Reason, entry);
                break;
        }
    }

    private static void Enter(StepState step, StepStatus status, JournalEntry entry) => (step.Status, step.Since) = (status, entry.At);

    private static void End(StepState step, StepStatus status, string note, JournalEntry entry)
    {
        Enter(step, status, entry);
        (step.Note, step.EndedAt, step.Node) = (note, entry.At, null);
        (step.Failure, step.RetryAt, step.OutcomeUnknown) = (null, null, false);
        step.ClaimedAt ??= entry.At;
    }
}
