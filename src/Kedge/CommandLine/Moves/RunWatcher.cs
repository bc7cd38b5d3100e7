using Kedge.CommandLine.Rendering.Json;
using Kedge.CommandLine.Rendering.Runs;
using Kedge.CommandLine.Terminals;
using Kedge.Decide;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>Shows a run while it goes on: drawn again in place on a terminal, lines appended elsewhere, JSON lines with <c>--json</c>.</summary>
/// <param name="hosted">True where this process carries runs out itself, so that somebody leads whatever the journal says yet.</param>
public sealed class RunWatcher(ControlPlane plane, Terminal terminal, bool hosted)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Watches until the run is over, or only a person can bring it on; then shows its report, or what to type. The
    /// session's folds must be kept current meanwhile (by a node, or by following).
    /// </summary>
    /// <param name="patient">Goes on watching a run that waits for a person, as long as some node leads.</param>
    public async Task<RunState> WatchAsync(RunId id, bool patient, CancellationToken cancellation)
    {
        var run = plane.State.Runs.Find(id)!;
        using (var live = terminal.Live())
        {
            terminal.Show([""]);
            var log = new RunLog(run);
            while (true)
            {
                var changed = plane.Session.Changed;
                if (live is not null)
                {
                    live.Draw(RunPage.Live(run, IncidentOf(run), View(), terminal.Width, live.Height));
                }
                else
                {
                    Append(run, log);
                }

                if (Rests(run, patient))
                {
                    live?.Clear();
                    break;
                }

                await WaitAsync(changed, live is null ? Look : Redraw, cancellation);
            }
        }

        ShowEnd(run);
        return run;
    }

    /// <summary>The run with all that there is to see, and its report once it has ended.</summary>
    public void Show(RunState run)
    {
        terminal.Show(RunPage.Of(run, IncidentOf(run), View(), terminal.Width));
        Report(run);
        terminal.Result(RunJson.Of(run, IncidentOf(run), plane.State.Plans.Get(run.Planned.PlanVersion), View(), plane.Session.Head));
    }

    /// <summary>How a command that watched a run ends.</summary>
    public static int ExitCode(RunState run) => run.Status switch
    {
        RunStatus.Aborted or RunStatus.Declined => ExitCodes.Failed,
        RunStatus.AwaitingApproval or RunStatus.Paused or RunStatus.Running => ExitCodes.NeedsOperator,
        _ => run.Planned.DryRun && run.Steps.Any(s => s is { Status: StepStatus.Skipped, Step.Required: true }) ? ExitCodes.Failed : ExitCodes.Fine,
    };

    /// <summary>True where nothing more happens by itself.</summary>
    private bool Rests(RunState run, bool patient)
    {
        if (patient && plane.IsLed)
        {
            return !run.Live;
        }

        var now = plane.World.Time.GetUtcNow();
        return run.Status switch
        {
            RunStatus.Running => run.Steps.Any(s => s.Status is StepStatus.Waiting)
                && !run.Steps.Any(s => s.Status is StepStatus.Claimed or StepStatus.Acting or StepStatus.Verifying || s.RetryAt is not null)
                && !RunDecider.Due(run, now).Any(),
            RunStatus.AwaitingApproval => RunDecider.NotYetApproved(run, now) is not null && !run.Planned.Approval.ProceedAfterDeadline,
            _ => true,
        };
    }

    private void ShowEnd(RunState run)
    {
        if (terminal.Json)
        {
            terminal.ResultLine(RunJson.Of(run, IncidentOf(run), plane.State.Plans.Get(run.Planned.PlanVersion), View(), plane.Session.Head));
            return;
        }

        if (terminal.Redraws)
        {
            terminal.Show(RunPage.Of(run, IncidentOf(run), View(), terminal.Width));
        }
        else
        {
            terminal.ShowBelow(RunPage.Moves(run, View(), terminal.Width));
        }

        Report(run);
    }

    private void Report(RunState run)
    {
        if (!run.Live && run.StartedAt is not null)
        {
            terminal.ShowBelow(RunReport.Of(run, IncidentOf(run), plane.State.Plans.Get(run.Planned.PlanVersion), plane.Session.Head, plane.World.Time.LocalTimeZone, terminal.Width));
        }
    }

    private void Append(RunState run, RunLog log)
    {
        var lines = log.Next(IncidentOf(run), plane.World.Time.GetUtcNow(), plane.World.Time.LocalTimeZone);
        if (lines.Count == 0)
        {
            return;
        }

        if (terminal.Json)
        {
            terminal.ResultLine(RunJson.Progress(run, IncidentOf(run), View()));
        }
        else
        {
            terminal.Show(lines);
        }
    }

    private RunView View() => new(plane.World.Time.GetUtcNow(), hosted || plane.IsLed, plane.World.Time.LocalTimeZone);

    private Incident? IncidentOf(RunState run) => run.Planned.Incident is { } id ? plane.State.Incidents.Find(id) : null;

    private async Task WaitAsync(Task changed, TimeSpan longest, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(changed, Task.Delay(longest, plane.World.Time, over.Token));
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}
