using Kedge.Decide;
using Kedge.Demo.Story;
using Kedge.Demo.World;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.Demo.Play;

/// <summary>From the disaster to the decision, and through the failover.</summary>
internal sealed class DisasterStrikes(Stage stage)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>The failover, when it is over.</returns>
    public async Task<RunState> PlayAsync(CancellationToken cancellation)
    {
        var (struck, processes) = await stage.World.StrikeAsync(stage.Options.Disaster, "east", cancellation);
        stage.Struck = struck;
        var moments = new List<StoryMoment> { new(TimeSpan.Zero, "disaster", What(processes), Tone.Bad) };
        var detected = stage.UntilAsync(Covering, Patience, "the outage is detected", cancellation);
        var asked = await detected;
        var run = asked.Run;
        var incident = asked.Incident;
        moments.Add(new(incident.Opened.Outage - struck, "first failure", "a check of every second gets no answer", Tone.Waiting));
        moments.Add(new(incident.Opened.Detected - struck, "detected", $"{incident.Id}, {Word(incident.Scenario)}: {incident.Because}", Tone.Waiting));
        stage.Teller.Show(IncidentPages.Moments(moments));
        stage.Teller.Gap();
        stage.Teller.Show(IncidentPages.Decision(Decision(run)));
        stage.Teller.Gap();
        await DecideAsync(run, cancellation);

        stage.Teller.Chapter("Failover");
        await stage.FollowAsync(run, Prediction.Of(run.Plan).Time, cancellation);
        return run;
    }

    private async Task DecideAsync(RunState run, CancellationToken cancellation)
    {
        if (stage.Options.Auto)
        {
            stage.Teller.Say("The operations manager approves (--auto).", Tone.Quiet);
        }
        else if (!await stage.Teller.AskAsync("You are the operations manager. Fail over?", cancellation))
        {
            await stage.Plane.Operator.DeclineAsync(run.Id, "declined in the demo", cancellation);
            throw new DemoException("you declined; the service stays down, as you decided", "run the demo again, or let --auto answer");
        }

        var answer = await stage.Plane.Operator.ApproveAsync(run.Id, Refused(run), "approved in the demo", cancellation);
        if (!answer.Ok)
        {
            throw new DemoException(answer.Text, null);
        }
    }

    /// <summary>The run that covers all that the disaster took, once it waits for approval.</summary>
    private Asked? Covering(Nodes.ControlState state)
    {
        var wanted = stage.Options.Disaster is Disaster.Service ? 1 : state.Plan?.Services.Count ?? 0;
        var run = state.Runs.Live.FirstOrDefault(r => r.Status is RunStatus.AwaitingApproval && r.Plan.Moves.Count >= wanted);
        return run?.Planned.Incident is { } id && state.Incidents.Find(id) is { } incident ? new(run, incident) : null;
    }

    private static List<ComponentId> Refused(RunState run) => [.. run.Planned.ExpectedLoss.Where(l => l.Refused).Select(l => l.Component)];

    private string What(int processes) => stage.Options.Disaster switch
    {
        Disaster.Kill => $"all {processes} processes of the east are killed at once (SIGKILL)",
        Disaster.Hang => $"all {processes} processes of the east stand still (SIGSTOP): ports stay open, nothing answers",
        _ => $"the {processes} processes of the ordering service in the east are killed; the catalogue lives",
    };

    private static DecisionFacts Decision(RunState run)
    {
        var prediction = Prediction.Of(run.Plan);
        var facts = new List<(string, string)>
        {
            ("run", $"{run.Id}, {run.Plan.Steps.Count} steps in parallel wherever that is safe"),
            ("predicted", $"{Spans.Show(prediction.Time)} until everybody is served again ({prediction.Basis})"),
        };
        facts.AddRange(run.Planned.ExpectedLoss.Select(l => ("expected loss", Loss(l))));
        facts.Add(("approval", $"by {string.Join(" or ", run.Planned.Approval.Approvers)}"));
        return new($"Kedge proposes to fail over {string.Join(" and ", run.Plan.Moves.Select(m => m.Service))} to {run.Plan.Moves[0].To}.", facts);
    }

    private static string Loss(ExpectedLoss loss) => loss is { Known: true, Time: { } time }
        ? $"{(time == TimeSpan.Zero ? "none" : $"at most {Spans.Show(Rounded(time))}")} of {loss.Component}{(loss.Refused ? ", more than the RPO: to be accepted by name" : "")}"
        : $"unknown for {loss.Component} ({loss.Basis}): to be accepted by name";

    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / 10) * 10);

    private static string Word(Scenario scenario) => scenario is Scenario.SiteLoss ? "a site is lost" : "a service is lost";

    private sealed record Asked(RunState Run, Incident Incident);
}
