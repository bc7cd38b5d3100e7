using Kedge.Journal.Events;
using Kedge.Simulation.Laws;
using Kedge.Simulation.World;
using Xunit;

namespace Kedge.Simulation.Planted;

/// <summary>A simulation that finds nothing may be blind. Each bug here is put in the place of a good part, and has to be seen.</summary>
public class PlantedBugs
{
    private const int MostSeeds = 400;

    [Fact]
    public void Promoting_before_fencing_is_caught() =>
        DemandCaught(new() { Compiled = WithoutWaitForFence }, Law.FenceFirst);

    [Fact]
    public void Promoting_before_fencing_is_caught_where_the_plan_hides_what_fences() =>
        DemandCaught(new() { Compiled = plan => WithoutMarkOfFence(WithoutWaitForFence(plan)) }, Law.OneWriter);

    [Fact]
    public void An_epoch_that_is_not_checked_under_the_lock_is_caught() =>
        DemandCaught(new() { World = LooksBeforeItLocks.Guards, Action = LooksBeforeItLocks.Action }, AmongSleepers, Law.OwnIntent);

    [Fact]
    public void An_epoch_that_is_not_written_beside_the_data_is_caught() =>
        DemandCaught(new() { World = static w => w with { Guards = new ForgetsEpochs(w.Guards) } }, Law.EpochWithData);

    [Fact]
    public void An_act_without_the_lock_is_caught() =>
        DemandCaught(new() { World = static w => w with { Guards = new LocksNothing(w.Guards) } }, Law.Lock);

    [Fact]
    public void A_result_that_is_journaled_before_the_act_is_caught() =>
        DemandCaught(new() { Action = static (action, _) => new ReportsTooEarly(action) }, Law.ActBeforeResult);

    [Fact]
    public void An_unknown_lag_that_is_taken_for_none_is_caught() =>
        DemandCaught(new() { Loss = static l => l.Known ? l : new(true, TimeSpan.Zero, 0, null, false, l.Basis) }, InBlindSpots, Law.LossAccepted, Law.Synchronous);

    [Fact]
    public void A_sleeper_that_is_not_killed_is_caught() =>
        DemandCaught(new() { World = static w => w with { Killer = new KillsNobody(w.Killer) } }, Law.KillFirst);

    [Fact]
    public void An_event_that_is_acknowledged_before_it_is_synced_is_caught() =>
        DemandCaught(new() { StoreAcknowledgesBeforeSync = true }, Law.Synced);

    private static RecoveryPlan WithoutWaitForFence(RecoveryPlan plan)
    {
        var fences = plan.Steps.Where(s => s.Fences).Select(s => s.Id).ToHashSet();
        return plan with { Steps = [.. plan.Steps.Select(s => s.TakesEpoch ? s with { Needs = [.. s.Needs.Except(fences)] } : s)] };
    }

    private static RecoveryPlan WithoutMarkOfFence(RecoveryPlan plan) =>
        plan with { Steps = [.. plan.Steps.Select(s => s with { Fences = false })] };

    /// <summary>Nodes on two machines that cannot kill each other's, and people who do not look for sleepers either.</summary>
    private static Setting AmongSleepers(Setting setting) => setting with { Machines = 2, Nodes = 2, PeopleLookForSleepers = false, Sleepers = 10, Temper = Temper.Calm };

    /// <summary>Standbys that were seen to have all, and drop out while nobody sees it.</summary>
    private static Setting InBlindSpots(Setting setting) => setting with { Synchronous = setting.Plan.Sites.Count == 2, BlindSpots = 6, Mishaps = 0, Disaster = Disaster.None, Temper = Temper.Calm };

    /// <summary>One of the first seeds breaks one of the laws with the bad part, and not with good parts.</summary>
    private static void DemandCaught(Parts bad, params string[] laws) => DemandCaught(bad, static s => s, laws);

    /// <param name="harsher">Makes what the bug takes to show more frequent than it is in other seeds.</param>
    private static void DemandCaught(Parts bad, Func<Setting, Setting> harsher, params string[] laws)
    {
        var seeds = new Seeds(1, MostSeeds, harsher);
        var caught = seeds.FindFirst(bad, violation => laws.Contains(violation.Law));
        Assert.True(caught is not null, $"none of {MostSeeds} seeds breaks '{string.Join("' or '", laws)}'; what they break: {Others(seeds)}");
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {caught.Seed}: {caught.Violation}");
        var good = new Seeds(1, caught.Seed, harsher).FindFirst(Parts.Good, static _ => true);
        Assert.True(good is null, $"seed {good?.Seed} breaks a law without the bug too: {good?.Violation}");
    }

    private static string Others(Seeds seeds) => string.Join(
        ", ", seeds.Outcomes.Where(o => o.Violation is not null).GroupBy(o => o.Violation!.Law, (law, group) => $"{group.Count()} times '{law}'"));
}
