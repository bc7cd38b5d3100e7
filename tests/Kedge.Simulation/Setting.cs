using Kedge.Plan.Model;
using Kedge.Simulation.World;

namespace Kedge.Simulation;

/// <summary>What a seed plays: the plan, the machines, and how bad it gets.</summary>
internal sealed record Setting
{
    public required int Seed { get; init; }

    public required KedgePlan Plan { get; init; }

    /// <summary>Commits wait for the standby.</summary>
    public required bool Synchronous { get; init; }

    /// <summary>One: the store is on its disk, and the power of all may fail. More: the store is elsewhere.</summary>
    public required int Machines { get; init; }

    public required int Nodes { get; init; }

    public required Temper Temper { get; init; }

    /// <summary>How many things go wrong beside the disaster.</summary>
    public required int Mishaps { get; init; }

    /// <summary>How many times, beside that, a leader falls asleep between an intent and its act.</summary>
    public required int Sleepers { get; init; }

    /// <summary>How many times, beside that, a primary is out of sight while its standby drops out.</summary>
    public required int BlindSpots { get; init; }

    public required Disaster Disaster { get; init; }

    /// <summary>Whether something asks before a data store starts at boot (<c>kedge may-start</c>).</summary>
    public required bool StartIsGuarded { get; init; }

    /// <summary>A site that nodes cannot act at.</summary>
    public required SiteName? OutOfReach { get; init; }

    /// <summary>
    /// Whether a person who has a step of a data store tried again makes sure first that nobody is still at it. Where not, the
    /// instance's lock, and what is checked under it, has to do.
    /// </summary>
    public required bool PeopleLookForSleepers { get; init; }

    /// <summary>How long things go wrong; then everything is mended, and it has to end well.</summary>
    public required TimeSpan Trouble { get; init; }

    public static Setting Of(int seed)
    {
        var dice = new Random(seed);
        var synchronous = dice.Next(3) == 0;
        var rough = dice.Next(4);
        var machines = dice.Next(4) == 0 ? 2 : 1;
        SiteName? remote = dice.Next(8) == 0 ? SimulatedPlan.East : null;
        return new()
        {
            Seed = seed,
            Plan = SimulatedPlan.Draw(dice, synchronous, remote is not null),
            Synchronous = synchronous,
            Machines = machines,
            Nodes = machines == 2 ? 2 : dice.Next(1, 4),
            Temper = rough switch
            {
                0 => Temper.Calm,
                1 => new(0.05, 0.05, 0, 0.01),
                2 => new(0.1, 0.15, 0.05, 0.02),
                _ => new(0.02, 0.3, 0.02, 0.005),
            },
            Mishaps = dice.Next(0, 7),
            Disaster = (Disaster)dice.Next(Enum.GetValues<Disaster>().Length),
            StartIsGuarded = dice.Next(4) != 0,
            OutOfReach = remote,
            Trouble = TimeSpan.FromSeconds(dice.Next(20, 60)),
            PeopleLookForSleepers = dice.Next(3) != 0,
            Sleepers = dice.Next(8) == 0 ? 1 : 0,
            BlindSpots = dice.Next(8) == 0 ? 1 : 0,
        };
    }
}

/// <summary>What the recovery plan is there for.</summary>
internal enum Disaster
{
    /// <summary>Nothing; whatever moves is planned.</summary>
    None,

    /// <summary>Everything at the primary site is killed at once.</summary>
    SiteKilled,

    /// <summary>Everything at the primary site stops answering, its ports open.</summary>
    SiteHangs,

    /// <summary>The primary site loses its power, and comes back or not.</summary>
    PowerFails,

    /// <summary>The application of one service dies.</summary>
    ServerDies,

    /// <summary>The active copy of a data store dies.</summary>
    DataDies,
}
