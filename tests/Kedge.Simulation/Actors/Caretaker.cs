using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Run;
using Kedge.Simulation.World;

namespace Kedge.Simulation.Actors;

/// <summary>A sensible person, once the trouble is over: brings every run to its end, and every service back to where it is protected.</summary>
internal sealed class Caretaker(Episode episode, Terminal terminal)
{
    private const int MostTries = 4;

    private readonly Dictionary<(RunId, string), int> tries = [];

    private bool IsFirst => terminal.Person == "Ann";

    public async Task LookAsync()
    {
        foreach (var run in terminal.State.Runs.Live.ToList())
        {
            if (run.Status is RunStatus.AwaitingApproval)
            {
                await terminal.ApproveAsync(run, acceptsLoss: true);
            }
            else if (IsFirst)
            {
                await BringOnAsync(run);
            }
        }

        if (IsFirst)
        {
            foreach (var service in terminal.State.Plans.InForce.Services)
            {
                await LookAfterAsync(service);
            }
        }
    }

    private async Task BringOnAsync(RunState run)
    {
        foreach (var step in run.Steps.Where(s => s.Status is StepStatus.Waiting).ToList())
        {
            await terminal.AttestAsync(run, step);
        }

        if (run.Steps.FirstOrDefault(s => s.Status is StepStatus.Failed && s.RetryAt is null) is not { } failed)
        {
            return;
        }

        var tried = tries[(run.Id, failed.Step.Id)] = tries.GetValueOrDefault((run.Id, failed.Step.Id)) + 1;
        if (tried < MostTries)
        {
            await terminal.RetryAsync(run, failed);
        }
        else if (failed.Step.Fences && failed.Step.Phase is Phase.Fence)
        {
            await terminal.AttestAsync(run, failed);
        }
        else if (failed.Step.Driver == DataDriver.Kind || failed.Step.Kind is StepKind.Check || failed.Step.TakesEpoch)
        {
            await terminal.DoAsync($"abort {run.Id}", terminal.Hands.AbortAsync(run.Id, "it does not work", CancellationToken.None));
        }
        else
        {
            await terminal.SkipAsync(run, failed);
        }
    }

    private async Task LookAfterAsync(Service service)
    {
        if (terminal.State.Runs.Live.Any(r => r.Plan.Moves.Any(m => m.Service == service.Name)))
        {
            return;
        }

        var active = terminal.State.Register.ActiveSite(service);
        if (!await IsServingAsync(service, active))
        {
            return;
        }

        if (terminal.State.Runs.Runs.FirstOrDefault(r => r.Status is RunStatus.AwaitingCommit && r.Plan.Moves.Any(m => m.Service == service.Name)) is { } open)
        {
            await terminal.DoAsync($"commit {open.Id}", terminal.Hands.CommitAsync(open.Id, CancellationToken.None));
            return;
        }

        // An aborted run may have left the service between two sites.
        if (terminal.State.Runs.Runs.LastOrDefault(r => r.Status is RunStatus.Aborted && terminal.Hands.WayBack(r).Any(m => m.Service == service.Name && m.To == active)) is { } halfDone)
        {
            await terminal.BeginAsync(RunKind.Rollback, Scenario.ServiceLoss, terminal.Hands.WayBack(halfDone), dryRun: false, acceptsLoss: false);
            return;
        }

        var store = episode.World.Stores[new(service.Name, "database")];
        if (store.Copies.FirstOrDefault(c => !c.Follows(store.At(active)) && c.Id.Site != active) is { } unprotected)
        {
            episode.World.PowerOn(unprotected.Id.Site);
            await terminal.BeginAsync(
                RunKind.Reprotect, Scenario.PlannedMaintenance, [new(service.Name, unprotected.Id.Site, active)], dryRun: false, acceptsLoss: false);
        }
    }

    /// <summary>Whether the service serves where the journal says; if not, does what a person would.</summary>
    private async Task<bool> IsServingAsync(Service service, SiteName active)
    {
        var world = episode.World;
        var address = new ComponentId(service.Name, "address");
        var copy = world.Stores[new(service.Name, "database")].At(active);
        if (!copy.AcceptsWrites)
        {
            // The supervisor starts what may be started; what Kedge itself has stopped and left so takes another move.
            world.PowerOn(active);
            if (episode.Supervisor.MayStart(copy))
            {
                episode.Supervisor.Boot(active);
                return false;
            }

            var broken = terminal.State.Runs.Runs.LastOrDefault(r => r.Status is RunStatus.AwaitingCommit or RunStatus.Aborted
                && r.Plan.Moves.Any(m => m.Service == service.Name) && terminal.Hands.WayBack(r).Count > 0);
            var back = broken is null || episode.Scheduler.Dice.Next(3) == 0 ? [] : terminal.Hands.WayBack(broken);
            await terminal.BeginAsync(
                back.Count > 0 ? RunKind.Rollback : RunKind.Failover,
                Scenario.ServiceLoss,
                back.Count > 0 ? back : terminal.MoveOf(service, null),
                dryRun: false,
                acceptsLoss: true);
            return false;
        }

        foreach (var server in world.ServersAt(active).Where(s => s.Id.Component.Service == service.Name))
        {
            (server.Powered, server.Up, server.Hung) = (true, true, false);
        }

        world.Addresses[address] = active;
        return world.Serves(service, active, out _, out _);
    }
}
