using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.World;
using Kedge.Store;

namespace Kedge.Simulation.Actors;

/// <summary>A person at a terminal: gives commands as the command line would, at random while there is trouble, sensibly after it.</summary>
internal sealed class Terminal(Episode episode, string person)
{
    /// <summary>Longer than it takes a slow store to hear that a copy is dead.</summary>
    private static readonly TimeSpan PlugInHand = TimeSpan.FromSeconds(15);

    private readonly SimulatedProcess process = episode.NewProcess($"terminal of {person}", "desk");

    public string Person { get; } = person;

    public ControlState State { get; private set; } = null!;

    public Operator Hands { get; private set; } = null!;

    private Random Dice => episode.Scheduler.Dice;

    public void Start() => process.Start(RunAsync, failure =>
    {
        if (failure is not null)
        {
            episode.Scheduler.Fail("a command does not end in an exception that nobody expects", $"{Person}: {failure}");
        }
    });

    /// <summary>Tells what was done and what the answer was.</summary>
    public async Task<bool> DoAsync(string what, Task<Answer> command)
    {
        var before = episode.Truth.Head.Position;
        var answer = await command;
        if (episode.Scheduler.Trace.On)
        {
            episode.Scheduler.Trace.Add(episode.Scheduler.Elapsed, $"{Person}: {what}: {(answer.Ok ? "" : "no, ")}{answer.Text}");
        }

        if (answer.Ok && episode.Truth.Head.Position == before)
        {
            episode.Scheduler.Fail("who is told yes was heard", $"{Person}: {what} was answered '{answer.Text}', and nothing was appended");
        }

        return answer.Ok;
    }

    public async Task BeginAsync(RunKind kind, Scenario scenario, IReadOnlyList<Move> moves, bool dryRun, bool acceptsLoss)
    {
        if (moves.Count == 0)
        {
            return;
        }

        var proposal = await Hands.PrepareAsync(new(kind, scenario, moves), dryRun, CancellationToken.None);
        proposal = proposal with { Recovery = episode.Parts.Compiled(proposal.Recovery) };
        var accepted = acceptsLoss ? proposal.ExpectedLoss.Where(l => l.Refused).Select(l => l.Component.ToString()).ToList() : [];
        if (await DoAsync($"begin {kind}{(dryRun ? " (dry)" : "")}", Hands.BeginAsync(proposal, accepted, CancellationToken.None))
            && kind is RunKind.Reprotect && !dryRun)
        {
            foreach (var move in moves)
            {
                var store = episode.World.Stores[new(move.Service, "database")];
                episode.WorldLaw.GiveUp(store, store.At(move.From));
            }
        }
    }

    public Task ApproveAsync(RunState run, bool acceptsLoss) => DoAsync(
        $"approve {run.Id}",
        Hands.ApproveAsync(run.Id, acceptsLoss ? [.. run.Planned.ExpectedLoss.Where(l => l.Refused).Select(l => l.Component)] : [], null, CancellationToken.None));

    /// <summary>Looks after a step that cannot go on without a person, truthfully: who attests that a copy is dead has seen to it.</summary>
    public async Task AttestAsync(RunState run, StepState step)
    {
        MakeSureNobodyIsAtIt(run, step);
        if (step.Step.Fences && !run.Planned.DryRun && step.Step.Instance is { } instance)
        {
            var store = episode.World.Stores[instance.Component];
            var copy = store.At(instance.Site);
            episode.World.Note($"{Person} pulls the plug of {copy.Id}");
            episode.Guards.HolderOf(copy.Id)?.Kill();
            store.Crash(copy);
            copy.Powered = false;
            if (episode.InTrouble)
            {
                KeepPlugInHand(copy);
            }
        }

        await DoAsync($"confirm {step.Step.Id}", Hands.ConfirmAsync(run.Id, step.Step.Id, "seen to it", CancellationToken.None));
    }

    /// <summary>Tries a step again, after making sure that no process is still at it.</summary>
    public async Task RetryAsync(RunState run, StepState step)
    {
        MakeSureNobodyIsAtIt(run, step);
        await DoAsync($"retry {step.Step.Id}", Hands.RetryAsync(run.Id, step.Step.Id, CancellationToken.None));
    }

    public async Task SkipAsync(RunState run, StepState step)
    {
        MakeSureNobodyIsAtIt(run, step);
        await DoAsync($"skip {step.Step.Id}", Hands.SkipAsync(run.Id, step.Step.Id, "done by hand", CancellationToken.None));
    }

    public IReadOnlyList<Move> MoveOf(Service service, SiteName? to) =>
        MoveSelection.OfServices(State.Plans.InForce, State.Register, [service.Name], to).Moves;

    private async Task RunAsync()
    {
        var (_, state, session, world) = episode.Machines[0].Open(process);
        (State, Hands) = (state, new(session, state, world, Person));
        var caretaker = new Caretaker(episode, this);
        while (true)
        {
            try
            {
                await session.CatchUpAsync(CancellationToken.None);
                if (state.Plan is null)
                {
                    await session.AppendAloneAsync(Opening, CancellationToken.None);
                }
                else if (episode.InTrouble)
                {
                    await DoSomethingAsync();
                }
                else
                {
                    await caretaker.LookAsync();
                }
            }
            catch (Exception failure) when (failure is StoreException or JournalUnavailableException or DriverException)
            {
                episode.World.Note($"{Person}: {failure.Message}");
            }

            var pause = episode.InTrouble ? Dice.Next(100, 4000) : 1000;
            await Task.Delay(TimeSpan.FromMilliseconds(pause), process.Clock);
        }
    }

    /// <summary>A site that has its power back meanwhile starts the copy only once its death was heard of.</summary>
    private void KeepPlugInHand(DataCopy copy)
    {
        copy.UnpluggedUntil = episode.Scheduler.Elapsed + PlugInHand;
        episode.Scheduler.After(PlugInHand, () =>
        {
            if (!episode.InTrouble)
            {
                episode.Supervisor.Boot(copy.Id.Site);
            }
        });
    }

    private void MakeSureNobodyIsAtIt(RunState run, StepState step)
    {
        var looks = episode.Setting.PeopleLookForSleepers || step.Step.Driver != DataDriver.Kind || !episode.InTrouble;
        if (looks && episode.ActLaw.ClaimantOf(run.Id, step.Step.Id) is { } claimant && State.Register.Leader != claimant)
        {
            episode.FindProcess(claimant)?.Kill();
        }

        // What the step's failure says: somebody holds the lock, and sleeps.
        if (looks && step.Step.Instance is { } instance && episode.Guards.HolderOf(instance) is { IsPaused: true } sleeper)
        {
            sleeper.Kill();
        }
    }

    private IReadOnlyList<JournalEvent> Opening() => State.Register.Journal is not null ? []
        : [new JournalOpened("simulated"), new PlanAdopted(episode.Setting.Plan.Version, episode.Setting.Plan.Name, episode.Setting.Plan.Version.Value)];

    private async Task DoSomethingAsync()
    {
        var runs = State.Runs.Runs.Where(r => r.Live || r.Status is RunStatus.AwaitingCommit || (r.Status is RunStatus.Aborted && Hands.WayBack(r).Count > 0)).ToList();
        if (runs.Count == 0 || Dice.Next(8) == 0)
        {
            if (Dice.Next(4) == 0)
            {
                await BeginSomethingAsync();
            }

            return;
        }

        var run = runs[Dice.Next(runs.Count)];
        switch (run.Status)
        {
            case RunStatus.AwaitingApproval when Dice.Next(10) == 0:
                await DoAsync($"decline {run.Id}", Hands.DeclineAsync(run.Id, null, CancellationToken.None));
                break;
            case RunStatus.AwaitingApproval:
                await ApproveAsync(run, acceptsLoss: Dice.Next(2) == 0);
                break;
            case RunStatus.AwaitingCommit when Dice.Next(3) == 0:
                await DoAsync($"commit {run.Id}", Hands.CommitAsync(run.Id, CancellationToken.None));
                break;
            case RunStatus.AwaitingCommit or RunStatus.Aborted:
                await RollBackAsync(run);
                break;
            default:
                await InterveneAsync(run);
                break;
        }
    }

    private Task BeginSomethingAsync()
    {
        var services = State.Plans.InForce.Services;
        var service = services[Dice.Next(services.Count)];
        var dry = Dice.Next(6) == 0;
        var active = State.Register.ActiveSite(service);
        return Dice.Next(6) switch
        {
            0 => BeginAsync(RunKind.Failover, Scenario.ServiceLoss, MoveOf(service, null), dry, acceptsLoss: Dice.Next(2) == 0),
            1 => BeginAsync(RunKind.Failover, Scenario.SiteLoss, MoveSelection.OfSite(State.Plans.InForce, State.Register, active, null).Moves, dry, acceptsLoss: true),
            2 when active != service.Primary => BeginAsync(RunKind.Failback, Scenario.PlannedMaintenance, MoveOf(service, service.Primary), dry, acceptsLoss: false),
            3 => BeginAsync(
                RunKind.Reprotect, Scenario.PlannedMaintenance,
                [.. service.AllSites.Where(s => s != active).Take(1).Select(s => new Move(service.Name, s, active))], dry, acceptsLoss: false),
            _ => BeginAsync(RunKind.Switchover, Scenario.PlannedMaintenance, MoveOf(service, null), dry, acceptsLoss: false),
        };
    }

    private async Task InterveneAsync(RunState run)
    {
        if (run.Steps.FirstOrDefault(s => s.Status is StepStatus.Waiting) is { } waiting && Dice.Next(4) != 0)
        {
            await AttestAsync(run, waiting);
            return;
        }

        if (run.Steps.FirstOrDefault(s => s.Status is StepStatus.Failed && s.RetryAt is null) is not { } failed)
        {
            if (Dice.Next(25) == 0)
            {
                await DoAsync($"abort {run.Id}", Hands.AbortAsync(run.Id, "changed my mind", CancellationToken.None));
            }

            return;
        }

        switch (Dice.Next(8))
        {
            case 0:
                await DoAsync($"abort {run.Id}", Hands.AbortAsync(run.Id, "it does not work", CancellationToken.None));
                break;
            case 1:
                await SkipAsync(run, failed);
                break;
            case 2 or 3 when failed.Step.Fences:
                await AttestAsync(run, failed);
                break;
            default:
                await RetryAsync(run, failed);
                break;
        }
    }

    private async Task RollBackAsync(RunState run)
    {
        if ((await Hands.WhyNotRollBackAsync(run, CancellationToken.None)).Count == 0)
        {
            await BeginAsync(RunKind.Rollback, run.Planned.Scenario, Hands.WayBack(run), dryRun: false, acceptsLoss: false);
        }
    }
}
