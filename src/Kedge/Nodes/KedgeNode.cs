using System.Text.Json;
using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Kedge.Protect.Replication;
using Kedge.Recover.Fence;
using Kedge.Recover.Run;
using Kedge.Store;
using Kedge.Watch;

namespace Kedge.Nodes;

/// <summary>
/// The long-running process: it competes for the lead, and while it leads it watches, writes markers, decides and acts.
/// It runs on one thread (a <see cref="NodeContext"/>, or a simulation's).
/// </summary>
public sealed class KedgeNode(IStore store, JournalSession session, ControlState state, EngineWorld world, NodeSettings settings)
{
    private const string LeaseName = "leader";

    private DateTimeOffset leaseUntil;
    private readonly string holder = JsonSerializer.Serialize(world.Me, JournalJson.Default.NodeIdentity);

    /// <summary>True while this node leads.</summary>
    public bool Leads => state.Register.Leader == world.Me;

    /// <summary>Works until it is cancelled; then gives the lead up.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var follow = session.FollowThroughAsync(world.Time, following.Token);
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                if (await TryLeadAsync(cancellation))
                {
                    await LeadAsync(cancellation);
                }
                else
                {
                    await Task.Delay(settings.LeaseRetry, world.Time, cancellation);
                }

                if (follow.IsFaulted)
                {
                    await follow;
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // An orderly end.
        }
        finally
        {
            following.Cancel();
            await GiveUpAsync();
            await Quiet(follow);
        }
    }

    private async Task<bool> TryLeadAsync(CancellationToken cancellation)
    {
        try
        {
            var asked = world.Time.GetUtcNow();
            var holding = await store.TryLeaseAsync(LeaseName, holder, settings.Lease, cancellation);
            if (holding.Holder != holder)
            {
                var other = JsonSerializer.Deserialize(holding.Holder, JournalJson.Default.NodeIdentity)!;
                settings.Announce($"{other} leads; waiting");
                if (!world.Killer.IsDead(other))
                {
                    return false;
                }

                await store.ReleaseAsync(LeaseName, holding.Holder, cancellation);
                return await TryLeadAsync(cancellation);
            }

            await session.CatchUpAsync(cancellation);
            leaseUntil = asked + settings.Lease;
            await KillSleeperAsync(cancellation);
            await session.AppendAloneAsync(() => Leads || world.Time.GetUtcNow() >= leaseUntil ? [] : [Taken()], cancellation);
            if (!Leads)
            {
                // It was paused, or the store was slow: the lease may be another's by now, who leads then.
                return false;
            }

            settings.Announce("leading");
            return true;
        }
        catch (Exception failure) when (failure is StoreException or JournalUnavailableException)
        {
            settings.Announce(failure.Message);
            return await EndHolderAsync(failure as StoreException ?? failure.InnerException as StoreException, cancellation) && await TryLeadAsync(cancellation);
        }
    }

    /// <summary>
    /// Whoever was stopped in the middle of a write keeps everybody from writing, and nobody could take a lead to kill it.
    /// </summary>
    private async Task<bool> EndHolderAsync(StoreException? failure, CancellationToken cancellation)
    {
        if (failure?.LockedBy is not { } holder || !await world.Killer.KillStoppedAsync(holder, state.Register.Leader, cancellation))
        {
            return false;
        }

        settings.Announce($"process {holder} had been stopped while it wrote to the store, and held it locked: killed");
        return true;
    }

    /// <summary>
    /// A leader that lost its lease without a word may be asleep in the middle of an act, with an instance's lock in its
    /// hand. It is killed before its lead is taken, so that whoever takes it next, should this process die now, does the same.
    /// </summary>
    private async Task KillSleeperAsync(CancellationToken cancellation)
    {
        if (state.Register.Leader is { } before && !Leads && world.Time.GetUtcNow() < leaseUntil)
        {
            await world.Killer.KillAsync(before, cancellation);
        }
    }

    private LeadershipTaken Taken() => new(
        world.Me, state.Register.Term + 1, state.Register.Leader is { } before ? $"{before} did not renew its lease" : null);

    /// <summary>Leads until the lease is lost or the node is to end.</summary>
    private async Task LeadAsync(CancellationToken cancellation)
    {
        using var lead = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var engine = new RunEngine(session, state.Register, state.Runs, world).LeadAsync(lead.Token);
        var renewing = RenewAsync(lead);
        try
        {
            while (!lead.IsCancellationRequested && Leads)
            {
                await WatchUnderPlanAsync(engine, lead.Token);
            }
        }
        catch (OperationCanceledException) when (lead.IsCancellationRequested)
        {
            // The lease is lost, or the node ends.
        }
        finally
        {
            lead.Cancel();
            await Quiet(renewing);
            await Quiet(engine);
        }

        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Does what hangs on the plan until another plan is in force, or somebody else leads; runs go on meanwhile.</summary>
    private async Task WatchUnderPlanAsync(Task engine, CancellationToken cancellation)
    {
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var replaced = UntilReplacedAsync(scope.Token);
        var work = new List<Task> { replaced };
        if (state.Plan is { } plan)
        {
            work.Add(new VerificationKeeper(plan, session, state, world).RunAsync(scope.Token));
            work.Add(new ReturnWatch(plan, session, state.Register, state.Runs, world).RunAsync(scope.Token));
            work.Add(new MarkerLoop(plan, state.Register, world.Drivers, world.Watermarks, world.Workplace, world.Time).RunAsync(scope.Token));
            if (settings.Watches)
            {
                var watch = new ServiceWatch(
                    plan, session, state.Register, state.Health, world.Drivers, world.Workplace, world.Time);
                work.Add(watch.RunAsync(scope.Token));
                work.Add(new IncidentResponse(plan, session, state, world, watch).RunAsync(scope.Token));
            }
        }

        try
        {
            // A loop that has nothing to watch ends at once; that is no reason to begin anew.
            var open = work.Append(engine).ToList();
            for (Task? ended = null; ended != replaced && ended != engine; open.Remove(ended))
            {
                ended = await Task.WhenAny(open);
                await ended;
            }
        }
        finally
        {
            scope.Cancel();
            await Task.WhenAll(work.Select(Quiet));
        }
    }

    private async Task UntilReplacedAsync(CancellationToken cancellation)
    {
        var version = state.Plans.Newest;
        while (state.Plans.Newest == version && Leads)
        {
            await session.Changed.WaitAsync(cancellation);
        }
    }

    private async Task RenewAsync(CancellationTokenSource lead)
    {
        while (true)
        {
            await Task.Delay(settings.Lease / 3, world.Time, lead.Token);
            var begun = world.Time.GetUtcNow();
            try
            {
                var holding = await store.TryLeaseAsync(LeaseName, holder, settings.Lease, lead.Token);
                if (holding.Holder != holder)
                {
                    settings.Announce("the lead was lost");
                    lead.Cancel();
                    return;
                }

                leaseUntil = begun + settings.Lease;
            }
            catch (StoreException failure)
            {
                settings.Announce(failure.Message);
                if (world.Time.GetUtcNow() >= leaseUntil)
                {
                    lead.Cancel();
                    return;
                }
            }
        }
    }

    private async Task GiveUpAsync()
    {
        try
        {
            if (Leads)
            {
                await session.AppendAloneAsync(
                    () => Leads ? [new LeadershipReleased(world.Me, state.Register.Term)] : [], CancellationToken.None);
            }

            await store.ReleaseAsync(LeaseName, holder, CancellationToken.None);
        }
        catch (Exception failure) when (failure is StoreException or JournalUnavailableException)
        {
            settings.Announce($"the lead could not be given up in order, it runs out by itself: {failure.Message}");
        }
    }

    /// <summary>Waits for a task whose cancellation is expected; anything else comes out.</summary>
    private static async Task Quiet(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }
}
