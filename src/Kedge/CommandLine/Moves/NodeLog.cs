using Kedge.CommandLine.Rendering.Runs;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Decide;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>What happens while a node runs, a line each: incidents, runs and their steps. What was over before is not told again.</summary>
internal sealed class NodeLog
{
    private readonly Invocation call;
    private readonly ControlPlane plane;
    private readonly Dictionary<RunId, RunLog> runs = [];
    private readonly HashSet<RunId> over;
    private readonly HashSet<IncidentId> opened;
    private readonly HashSet<IncidentId> closed;
    private readonly Dictionary<RunId, string> told = [];

    public NodeLog(Invocation call, ControlPlane plane)
    {
        (this.call, this.plane) = (call, plane);
        over = [.. plane.State.Runs.Runs.Where(r => !r.Live).Select(r => r.Id)];
        closed = [.. plane.State.Incidents.Incidents.Where(i => i.ClosedAt is not null).Select(i => i.Id)];
        opened = [.. closed];
    }

    /// <summary>Tells until it is cancelled. The node keeps the folds current.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var changed = plane.Session.Changed;
            foreach (var incident in plane.State.Incidents.Incidents)
            {
                Tell(incident);
            }

            foreach (var run in plane.State.Runs.Runs.Where(r => !over.Contains(r.Id)))
            {
                Tell(run);
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private void Tell(Incident incident)
    {
        if (opened.Add(incident.Id))
        {
            Say(incident.OpenedAt, Styled.Bad($"{incident.Id}: {Words.Of(incident.Scenario)} at {incident.Opened.Site}: {incident.Because}"));
        }

        if (incident.ClosedAt is { } at && closed.Add(incident.Id))
        {
            Say(at, Styled.Good($"{incident.Id} closed: {incident.ClosedBecause}"));
        }
    }

    private void Tell(RunState run)
    {
        if (!runs.TryGetValue(run.Id, out var log))
        {
            runs[run.Id] = log = new(run);
        }

        var incident = run.Planned.Incident is { } id ? plane.State.Incidents.Find(id) : null;
        foreach (var line in log.Next(incident, call.Now, call.Zone))
        {
            call.Terminal.Say(line);
        }

        var moves = NextMoves.Of(run, led: true);
        var commands = string.Join('\n', moves.Select(m => m.Command));
        if (told.GetValueOrDefault(run.Id, "") != commands)
        {
            told[run.Id] = commands;
            NextMoves.Table(moves, indent: 28).Lines(140).ToList().ForEach(call.Terminal.Say);
        }
    }

    private void Say(DateTimeOffset at, Styled text) => call.Terminal.Say(Styled.Quiet($"{Figures.Clock(at, call.Zone)}  ") + text);
}
