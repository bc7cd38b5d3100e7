using Kedge.Journal.Events;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Store;
using Kedge.Simulation.World;

namespace Kedge.Simulation.Actors;

/// <summary>
/// What goes wrong in an episode: the disaster, and a few things beside it, at times, or right after a certain entry of
/// the journal, a certain intent, or the beginning of a certain act, which is where it hurts.
/// </summary>
internal sealed class Mishaps
{
    private readonly Episode episode;
    private readonly Random dice;
    private readonly Dictionary<string, int> happened = [];
    private readonly Dictionary<int, List<Action>> atEntry = [];
    private readonly Dictionary<int, List<Action>> atIntent = [];
    private readonly Dictionary<int, List<Action>> atAct = [];
    private int intents;

    public Mishaps(Episode episode)
    {
        (this.episode, dice) = (episode, episode.Scheduler.Dice);
        episode.JournalLaw.Taken += (entry, _) =>
        {
            Trigger(atEntry, (int)entry.Position);
            if (entry.Event is StepActing)
            {
                Trigger(atIntent, ++intents);
            }
        };
        episode.ActLaw.Begun += _ => Trigger(atAct, episode.ActLaw.Count);
    }

    /// <summary>How often each kind of mishap came to pass.</summary>
    public IReadOnlyDictionary<string, int> Happened => happened;

    public void Arrange()
    {
        episode.Supervisor.RestartsAfterCrash = dice.Next(3) == 0;
        At(TimeSpan.FromMilliseconds(dice.Next(3000, 9000)), Strike);
        for (var i = 0; i < episode.Setting.Sleepers; i++)
        {
            Add(atIntent, dice.Next(1, 25), Named("leader paused", () => PauseFor(Leader())));
        }

        for (var i = 0; i < episode.Setting.BlindSpots; i++)
        {
            At(TimeSpan.FromMilliseconds(dice.Next(500, (int)episode.Setting.Trouble.TotalMilliseconds / 2)), Named("primary out of sight", () =>
            {
                var store = AnyStore();
                LoseSight(store);
                DropOut(store);
            }));
        }

        for (var i = 0; i < episode.Setting.Mishaps; i++)
        {
            var mishap = Draw();
            switch (dice.Next(5))
            {
                case 0:
                    At(TimeSpan.FromMilliseconds(dice.Next(500, (int)episode.Setting.Trouble.TotalMilliseconds)), mishap);
                    break;
                case 1:
                    Add(atAct, dice.Next(1, 12), mishap);
                    break;
                case 2:
                    Add(atIntent, dice.Next(1, 12), mishap);
                    break;
                default:
                    Add(atEntry, dice.Next(4, 60), mishap);
                    break;
            }
        }
    }

    /// <summary>Everything is powered, connected and quick again; a node may stay stopped for ever, another one leads then.</summary>
    public void MendEverything()
    {
        episode.Store.Trouble = StoreTrouble.None;
        episode.World.Temper = Temper.Calm;
        episode.Customers.Asleep = false;
        episode.Supervisor.RestartsAfterCrash = true;
        foreach (var machine in episode.Machines)
        {
            var stays = dice.Next(2) == 0 && episode.Machines.SelectMany(m => m.Nodes).Any(n => !n.IsPaused);
            foreach (var node in machine.Nodes.Where(n => n.IsPaused && !stays).ToList())
            {
                node.Resume();
            }
        }

        foreach (var site in episode.Setting.Plan.Sites)
        {
            episode.Supervisor.Boot(site.Name);
        }

        foreach (var copy in episode.World.Stores.Values.SelectMany(s => s.Copies))
        {
            (copy.Hung, copy.Connected, copy.TakesMarkers, copy.Lag) = (false, true, true, TimeSpan.FromMilliseconds(3));
            episode.World.Stores[copy.Id.Component].Touch(copy);
        }

        foreach (var server in episode.World.Servers.Values)
        {
            server.Hung = false;
        }
    }

    private void Strike()
    {
        var plan = episode.Setting.Plan;
        var site = plan.Services[0].Primary;
        switch (episode.Setting.Disaster)
        {
            case Disaster.SiteKilled:
                Kill(site);
                break;
            case Disaster.SiteHangs:
                Hang(site, hung: true);
                if (dice.Next(2) == 0)
                {
                    Later(() => Hang(site, hung: false), 1000, 30_000);
                }

                break;
            case Disaster.PowerFails:
                episode.World.PowerOff(site);
                if (dice.Next(2) == 0)
                {
                    Later(() => episode.Supervisor.Boot(site), 500, 30_000);
                }

                break;
            case Disaster.ServerDies:
                episode.World.ServersAt(site).First().Up = false;
                break;
            case Disaster.DataDies:
                var store = episode.World.Stores.Values.First();
                store.Crash(store.At(site));
                break;
            default:
                return;
        }

        Count(episode.Setting.Disaster.ToString());
    }

    private Action Draw() => dice.Next(17) switch
    {
        0 or 1 or 2 => Named("leader killed", () => Leader()?.Kill()),
        3 or 4 or 5 => Named("leader paused", () => PauseFor(Leader())),
        6 => Named("node paused", () => PauseFor(AnyNode())),
        7 => Named("node stopped", () =>
        {
            if (AnyNode() is { IsPaused: false } node)
            {
                episode.Machines.First(m => m.Name == node.Machine).Stop(node);
            }
        }),
        8 => Named("power failure", LosePower),
        9 => Named("store full", () => TroubleFor(StoreTrouble.Full)),
        10 => Named("store unreachable", () => TroubleFor(StoreTrouble.Unreachable)),
        11 => Named("store slow", () => TroubleFor(StoreTrouble.Slow)),
        12 => Named("store loses answers", () => TroubleFor(StoreTrouble.LosesAnswers)),
        13 => Named("standby drops out", () => DropOut(AnyStore())),
        14 => Named("standby lags", Delay),
        15 => Named("primary out of sight", () => LoseSight(AnyStore())),
        _ => Named("customers sleep", () =>
        {
            episode.Customers.Asleep = true;
            Later(() => episode.Customers.Asleep = false, 5000, 60_000);
        }),
    };

    private void LosePower()
    {
        // The store of a single machine is on its disk; with several machines it is elsewhere and loses nothing.
        var machine = episode.Machines[dice.Next(episode.Machines.Count)];
        if (episode.Machines.Count == 1)
        {
            episode.Guards.LosePower();
            episode.SecondPlace.LosePower();
            machine.LosePower();
            var lost = episode.Store.LosePower();
            if (lost > 0)
            {
                episode.Scheduler.Fail(Laws.Law.Synced, $"{lost} acknowledged entries are gone after a power failure");
            }
        }
        else
        {
            machine.LosePower();
        }
    }

    private void TroubleFor(StoreTrouble trouble)
    {
        episode.Store.Trouble = trouble;
        episode.World.Note($"the store: {trouble}");
        Later(() => episode.Store.Trouble = StoreTrouble.None, 200, 12_000);
    }

    private void PauseFor(SimulatedProcess? node)
    {
        node?.Pause();
        if (dice.Next(4) != 0)
        {
            Later(() => node?.Resume(), 100, 20_000);
        }
    }

    private void DropOut(DataStore store)
    {
        foreach (var standby in store.Copies.Where(c => !c.IsPrimary))
        {
            standby.Connected = false;
            Later(() => Reconnect(store, standby), 500, 40_000);
        }

        if (store.Synchronous && dice.Next(2) == 0)
        {
            // An administrator lets commits go on without it; the way of the world is not asked whether that is wise.
            Later(() => LetCommitsGoOn(store), 11_000, 20_000);
        }
    }

    /// <summary>Kedge cannot tell how far a primary has got; its clients reach it.</summary>
    private void LoseSight(DataStore store)
    {
        foreach (var copy in store.Copies)
        {
            copy.TakesMarkers = false;
            Later(() => copy.TakesMarkers = true, 5000, 60_000);
        }
    }

    private static void Reconnect(DataStore store, DataCopy standby)
    {
        standby.Connected = true;
        store.Touch(standby);
    }

    private void LetCommitsGoOn(DataStore store)
    {
        if (store.Copies.FirstOrDefault(c => c.AcceptsWrites && c.CommitsWait) is { } primary && !store.Copies.Any(c => c.Follows(primary)))
        {
            episode.World.Note($"commits of {primary.Id} go on without a standby");
            primary.CommitsWait = false;
            store.Touch(primary);
        }
    }

    private void Delay()
    {
        foreach (var copy in AnyStore().Copies)
        {
            copy.Lag = TimeSpan.FromMilliseconds(dice.Next(100, 8000));
            Later(() => copy.Lag = TimeSpan.FromMilliseconds(3), 1000, 40_000);
        }
    }

    private void Kill(Kedge.Plan.Model.SiteName site)
    {
        episode.World.Note($"everything at {site} is killed");
        foreach (var copy in episode.World.CopiesAt(site))
        {
            episode.World.Stores[copy.Id.Component].Crash(copy);
        }

        foreach (var server in episode.World.ServersAt(site))
        {
            server.Up = false;
        }
    }

    private void Hang(Kedge.Plan.Model.SiteName site, bool hung)
    {
        episode.World.Note($"everything at {site} {(hung ? "hangs" : "goes on")}");
        foreach (var copy in episode.World.CopiesAt(site))
        {
            copy.Hung = hung && copy.Up;
            episode.World.Stores[copy.Id.Component].Touch(copy);
        }

        foreach (var server in episode.World.ServersAt(site))
        {
            server.Hung = hung && server.Up;
        }
    }

    private DataStore AnyStore() => episode.World.Stores.Values.ElementAt(dice.Next(episode.World.Stores.Count));

    private SimulatedProcess? Leader() => episode.Truth.State.Register.Leader is { } leader ? episode.FindProcess(leader) : null;

    private SimulatedProcess? AnyNode()
    {
        var nodes = episode.Machines.SelectMany(m => m.Nodes).ToList();
        return nodes.Count == 0 ? null : nodes[dice.Next(nodes.Count)];
    }

    private Action Named(string name, Action what) => () =>
    {
        Count(name);
        what();
    };

    private void Count(string name) => happened[name] = happened.GetValueOrDefault(name) + 1;

    private void At(TimeSpan time, Action what) => episode.Scheduler.After(time - episode.Scheduler.Elapsed, () => Do(what));

    private void Later(Action what, int fromMs, int toMs) => episode.Scheduler.After(TimeSpan.FromMilliseconds(dice.Next(fromMs, toMs)), () => Do(what));

    private void Do(Action what)
    {
        if (episode.InTrouble)
        {
            what();
        }
    }

    private void Trigger(Dictionary<int, List<Action>> at, int number)
    {
        if (at.Remove(number, out var actions))
        {
            // Not within the callback of the process that it may hit, but before that can go on.
            foreach (var action in actions)
            {
                episode.Scheduler.After(TimeSpan.Zero, () => Do(action));
            }
        }
    }

    private static void Add(Dictionary<int, List<Action>> at, int number, Action what)
    {
        if (!at.TryGetValue(number, out var actions))
        {
            at[number] = actions = [];
        }

        actions.Add(what);
    }
}
