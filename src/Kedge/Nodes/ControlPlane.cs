using System.Security.Cryptography;
using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;
using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Kedge.Plan;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Kedge.Recover.Fence;
using Kedge.Recover.Run;
using Kedge.Store;
using Kedge.Store.Sqlite;

namespace Kedge.Nodes;

/// <summary>
/// Kedge's state on this machine, opened: the door for the command line and the demo. Use it on one thread, inside
/// <see cref="NodeContext.Run"/>.
/// </summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private readonly IStore store;
    private readonly FileHeadKeeper heads;
    private readonly SynchronizationContext context = SynchronizationContext.Current
        ?? throw new InvalidOperationException("a control plane is used inside NodeContext.Run");
    private SqliteStore? embedded;
    private Task reserveJournaled = Task.CompletedTask;

    private ControlPlane(ControlSettings settings, IStore store, FileHeadKeeper heads, ControlState state, JournalSession session, EngineWorld world)
    {
        (this.store, this.heads, Settings) = (store, heads, settings);
        (State, Session, World) = (state, session, world);
        Operator = new(session, state, world, settings.Who);
    }

    public ControlSettings Settings { get; }

    public ControlState State { get; }

    public JournalSession Session { get; }

    public EngineWorld World { get; }

    /// <summary>Acts in the name of <see cref="ControlSettings.Who"/>.</summary>
    public Operator Operator { get; }

    /// <summary>What the drivers that Kedge comes with take in a plan; needs no state.</summary>
    public static IReadOnlyList<DriverContract> Contracts => DriverRegistry.Build(Services(TimeProvider.System)).Contracts;

    /// <summary>
    /// Opens the state, creating it where there is none, and folds the journal. Throws
    /// <see cref="Kedge.Store.StoreException"/> where the store cannot be opened and <see cref="JournalDamagedException"/>
    /// where the journal is not what was written.
    /// </summary>
    public static async Task<ControlPlane> OpenAsync(ControlSettings settings, CancellationToken cancellation)
    {
        var store = await SqliteStore.OpenAsync(Path.Combine(settings.StateFolder, "kedge.db"), settings.Time, cancellation);
        var plane = await AssembleAsync(settings, store, DriverRegistry.Build(Services(settings.Time)), cancellation);
        plane.embedded = store;
        store.ReserveReleased += plane.JournalReserve;
        return plane;
    }

    /// <summary>The same on a store and with drivers that the caller brings; the store is the control plane's from here on.</summary>
    internal static async Task<ControlPlane> AssembleAsync(
        ControlSettings settings, IStore store, DriverRegistry drivers, CancellationToken cancellation)
    {
        var time = settings.Time;
        var heads = new FileHeadKeeper(Path.Combine(settings.StateFolder, "head"), time);
        try
        {
            var reader = new PlanReader(drivers.Contracts);
            var state = new ControlState(text => reader.ReadStored(text).Plan
                ?? throw new InvalidOperationException("a plan in the journal cannot be read any more; it was written by a newer Kedge"));
            var session = new JournalSession(new EventLog(store, heads, time, settings.Who), state.Folds);
            await session.CatchUpAsync(cancellation);
            await session.AppendAloneAsync(
                () => state.Register.Journal is null ? [new JournalOpened(RandomNumberGenerator.GetHexString(16, lowercase: true))] : [],
                cancellation);
            var world = new EngineWorld
            {
                Me = NodeIdentities.Current(settings.NodeName),
                Time = time,
                Drivers = drivers,
                Plans = state.Plans,
                Guards = new FileInstanceGuards(settings.StateFolder, state.Register.Journal!, time),
                Killer = new ProcessSleeperKiller(everyNodeRunsHere: true, time),
                Watermarks = new WatermarkBoard(store),
                Workplace = new ThreadPoolWorkplace(),
            };
            return new ControlPlane(settings, store, heads, state, session, world);
        }
        catch
        {
            await heads.DisposeAsync();
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts a plan in force, unless it is already. Returns whether it was new.</summary>
    public Task<bool> AdoptAsync(KedgePlan plan, CancellationToken cancellation) => Session.AppendAloneAsync(
        () => State.Plans.Newest == plan.Version ? [] : [new PlanAdopted(plan.Version, plan.Name, PlanText.Write(plan))],
        cancellation);

    /// <summary>For a process that is a node and nothing else: it goes before others on its machine, and what it starts does not.</summary>
    public static void GoFirst() => ProcessPriority.Raise();

    /// <summary>A node on this state; <see cref="KedgeNode.RunAsync"/> runs it.</summary>
    public KedgeNode CreateNode(NodeSettings settings) => new(store, Session, State, World, settings);

    /// <summary>
    /// Does <paramref name="work"/> with a node in this process standing by: where no other node leads, it carries out
    /// what the work asks for, for as long as that takes.
    /// </summary>
    public async Task<T> HostAsync<T>(Func<CancellationToken, Task<T>> work, Action<string> announce, CancellationToken cancellation)
    {
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var node = CreateNode(new NodeSettings { Watches = false, Announce = announce }).RunAsync(scope.Token);
        try
        {
            var task = work(scope.Token);
            if (await Task.WhenAny(task, node) == node)
            {
                await node;
            }

            return await task;
        }
        finally
        {
            scope.Cancel();
            await node;
        }
    }

    /// <summary>
    /// Compiles a run against a plan that need not be in force, and measures what it would lose. Nothing is appended;
    /// only a proposal of the plan in force can be begun.
    /// </summary>
    public Task<Proposal> PrepareAsync(KedgePlan plan, Recover.Compile.CompileRequest request, bool dryRun, CancellationToken cancellation)
    {
        State.Plans.Know(plan);
        var incident = State.Incidents.Open.FirstOrDefault(i => request.Moves.Any(m => i.Services.Contains(m.Service)));
        return new Proposals(State, World).PrepareAsync(plan, request, incident, dryRun, Settings.Who, cancellation);
    }

    /// <summary>What would fail if this proposal ran now.</summary>
    public Task<IReadOnlyList<Recover.StepFinding>> PreflightAsync(Proposal proposal, CancellationToken cancellation) =>
        new Recover.Preflight(World).RunAsync(new Proposals(State, World).Event(proposal, []), cancellation);

    /// <summary>
    /// Waits until the journal says something. It learns of news while a node runs here or <see cref="JournalSession.FollowAsync"/>
    /// does.
    /// </summary>
    public async Task<T> UntilAsync<T>(Func<ControlState, T?> find, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            var changed = Session.Changed;
            if (find(State) is { } found)
            {
                return found;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>Whether a node leads, here or in another process that is not known to be dead.</summary>
    public bool IsLed => State.Register.Leader is { } leader && !World.Killer.IsDead(leader);

    /// <summary>All instances of the plan in force, as they are now.</summary>
    public Task<WorldView> ObserveAsync(CancellationToken cancellation) => ObserveAsync(State.Plans.InForce, cancellation);

    /// <summary>All instances of a plan, as they are now.</summary>
    public Task<WorldView> ObserveAsync(KedgePlan plan, CancellationToken cancellation) => WorldView.ObserveAsync(plan, World, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (embedded is not null)
        {
            embedded.ReserveReleased -= JournalReserve;
        }

        await reserveJournaled;
        await heads.DisposeAsync();
        await store.DisposeAsync();
    }

    private static DriverServices Services(TimeProvider time) => new(time, new SecretReader(), new ProgramRunner(time));

    /// <summary>The store tells it on a thread of its own; the journal is written on the node's.</summary>
    private void JournalReserve(long bytes) => context.Post(
        _ => reserveJournaled = Session.PersistAsync(() => [new SpaceReserveReleased(bytes)], World.Time, CancellationToken.None), null);
}
