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
                (step.Status, step.Claim, step.Node) = (StepStatus.Claimed, e.Claim, e.Node);
                step.ClaimedAt ??= entry.At;
                step.RetryAt = null;
                break;
            case StepTakenOver e when run.Find(e.Step) is { } step:
                (step.Status, step.Node, step.Claim) = (StepStatus.Pending, null, e.Claim);
                break;
            case StepActing e when run.Find(e.Step) is { } step:
                (step.Status, step.Attempts, step.OutcomeUnknown) = (StepStatus.Acting, e.Attempt, true);
                break;
            case StepActed e when run.Find(e.Step) is { } step:
                (step.Status, step.Note, step.OutcomeUnknown, step.Acted) = (StepStatus.Verifying, e.Report, false, true);
                break;
            case StepVerified e when run.Find(e.Step) is { } step:
                End(step, StepStatus.Done, e.Evidence, entry.At);
                step.InDriver = e.InDriver;
                break;
            case StepFailed e when run.Find(e.Step) is { } step:
                (step.Status, step.Node, step.Failure, step.RetryAt) = (StepStatus.Failed, null, e.Failure, e.RetryAt);
                (step.Attempts, step.OutcomeUnknown) = (e.Attempt, e.Failure.OutcomeUnknown);
                break;
            case StepWaits e when run.Find(e.Step) is { } step:
                // A person has it now: there is nothing to take over from the node that asked.
                (step.Status, step.Note, step.Node) = (StepStatus.Waiting, e.Instruction, null);
                step.ClaimedAt ??= entry.At;
                break;
            case StepConfirmed e when run.Find(e.Step) is { } step:
                End(step, StepStatus.Done, $"{e.By}: {e.Note}", entry.At);
                break;
            case StepRetried e when run.Find(e.Step) is { } step:
                // Asking for a retry is the operator's word that an act of unknown outcome may be repeated.
                (step.Status, step.Node, step.Failure, step.RetryAt) = (StepStatus.Pending, null, null, null);
                (step.Attempts, step.OutcomeUnknown, step.Acted) = (0, false, false);
                break;
            case StepSkipped e when run.Find(e.Step) is { } step:
                End(step, StepStatus.Skipped, e.Reason, entry.At);
                break;
        }
    }

    private static void End(StepState step, StepStatus status, string note, DateTimeOffset at)
    {
        (step.Status, step.Note, step.EndedAt, step.Node) = (status, note, at, null);
        (step.Failure, step.RetryAt, step.OutcomeUnknown) = (null, null, false);
        step.ClaimedAt ??= at;
    }
}
