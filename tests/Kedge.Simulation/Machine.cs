using Kedge.Drivers;
using Kedge.Drivers.Manual;
using Kedge.Journal;
using Kedge.Nodes;
using Kedge.Recover.Run;
using Kedge.Simulation.Fence;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Store;
using Kedge.Simulation.World;
using Kedge.Store;

namespace Kedge.Simulation;

/// <summary>A machine on which nodes and terminals run; its supervisor starts a node again that has ended.</summary>
internal sealed class Machine(Episode episode, string name)
{
    private readonly List<SimulatedProcess> nodes = [];
    private readonly Dictionary<SimulatedProcess, CancellationTokenSource> stops = [];
    private readonly HashSet<string> names = [];
    private int boots;

    public string Name { get; } = name;

    /// <summary>Nodes that are not dead.</summary>
    public IEnumerable<SimulatedProcess> Nodes => nodes.Where(n => !n.IsDead);

    public void StartNode(string called)
    {
        names.Add(called);
        var process = episode.NewProcess(called, Name);
        nodes.Add(process);
        var boot = boots;
        process.Died += () => RestartSoon(called, boot);
        process.Start(() => RunNodeAsync(process), failure => OnEnded(process, failure));
    }

    /// <summary>The operating system asks a node to end (SIGTERM).</summary>
    public void Stop(SimulatedProcess node) => episode.Scheduler.Post(node, _ => stops[node].Cancel(), null);

    /// <summary>All processes are gone; the supervisor starts the nodes once the machine is up again.</summary>
    public void LosePower()
    {
        boots++;
        foreach (var node in Nodes.ToList())
        {
            node.Kill();
        }

        var boot = boots;
        episode.Scheduler.After(TimeSpan.FromMilliseconds(episode.Scheduler.Dice.Next(500, 5000)), () =>
        {
            foreach (var called in names.Where(_ => boot == boots))
            {
                StartNode(called);
            }
        });
    }

    /// <summary>The journal and everything around it, as one process has it open.</summary>
    public (IStore Store, ControlState State, JournalSession Session, EngineWorld World) Open(SimulatedProcess process)
    {
        var store = new StoreClient(episode.Store, process);
        var state = new ControlState(episode.ReadPlan);
        var session = new JournalSession(
            new EventLog(store, episode.SecondPlace.OpenedBy(process), process.Clock, process.Identity.Name) { Decode = episode.Reader.Decode }, state.Folds);
        var guards = episode.Guards.OpenedBy(process);
        IDriver[] drivers =
        [
            new DataDriver(episode.World, episode.WorldLaw, episode.ActLaw, process, guards, episode.Parts),
            new ServerDriver(episode.World, episode.ActLaw, process),
            new AddressDriver(episode.World, episode.ActLaw, process),
            new CommandDriver(episode.World, episode.ActLaw, process),
            new ProbeDriver(episode.World, process),
            new ManualDriver(),
        ];
        var world = new EngineWorld
        {
            Me = process.Identity,
            Time = process.Clock,
            Drivers = new DriverRegistry(drivers),
            Plans = state.Plans,
            Guards = guards,
            Killer = new SimulatedKiller(episode.Scheduler, process, episode.FindProcess),
            Watermarks = new WatermarkBoard(store),
            Workplace = new Inline(),
        };
        return (store, state, session, episode.Parts.World(world));
    }

    private async Task RunNodeAsync(SimulatedProcess process)
    {
        var (store, state, session, world) = Open(process);
        stops[process] = new CancellationTokenSource();
        try
        {
            await session.CatchUpAsync(CancellationToken.None);
        }
        catch (StoreException)
        {
            // It cannot start without its store; the supervisor tries again.
            return;
        }

        var settings = new NodeSettings { Lease = TimeSpan.FromSeconds(3), LeaseRetry = TimeSpan.FromMilliseconds(800) };
        await new KedgeNode(store, session, state, world, settings).RunAsync(stops[process].Token);
    }

    private void OnEnded(SimulatedProcess process, Exception? failure)
    {
        if (failure is not null)
        {
            episode.Scheduler.Fail("a node does not end by itself", $"{process} ended with {failure}");
        }

        process.Kill();
    }

    private void RestartSoon(string called, int boot) =>
        episode.Scheduler.After(TimeSpan.FromMilliseconds(episode.Scheduler.Dice.Next(100, 4000)), () =>
        {
            if (boot == boots)
            {
                StartNode(called);
            }
        });

    private sealed class Inline : IWorkplace
    {
        public Task<T> RunAsync<T>(Func<Task<T>> work) => work();
    }
}
