using Kedge.Demo.Evidence;
using Kedge.Demo.Story;
using Kedge.Demo.World;
using Kedge.Nodes;

namespace Kedge.Demo.Play;

/// <summary>
/// The whole demo: two sites, a disaster, a recovery, and the way back; every part of it a real process, every figure
/// measured where a customer would.
/// </summary>
internal sealed class DemoPlay(DemoOptions options, StoryTeller teller, TimeProvider time)
{
    /// <summary>Plays it. Whatever happens, it leaves nothing behind unless it was asked to.</summary>
    public async Task<DemoOutcome> RunAsync(CancellationToken cancellation)
    {
        teller.Show(OpeningPages.Headline(
            "Kedge: a site is lost, and the business goes on",
            "Two data centres on this machine, in real processes: PostgreSQL with its standby, an order desk, a catalogue, a DNS server, and customers."));
        teller.Chapter("Two sites");
        await using var world = await DemoWorld.StartAsync(
            new(options.Program, options.Synchronous, DemoOptions.Rate), time, text => teller.Say($"starting {text}", Tone.Quiet), cancellation);
        await world.StartNodeAsync(cancellation);
        await using var plane = await ControlPlane.OpenAsync(
            new() { StateFolder = world.Layout.State, Who = "Operations manager", NodeName = "demo", Time = time }, cancellation);
        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var follow = plane.Session.FollowAsync(following.Token);
        var outcome = await PlayAsync(new(options, world, plane, teller, time), cancellation);
        await following.CancelAsync();
        await EndAsync(follow);
        if (options.Keep)
        {
            world.Keep();
            teller.Gap();
            teller.Say("Everything goes on running. Tell the other commands where its plan and its state are:");
            teller.Say($"export KEDGE_PLAN={world.Layout.Plan}", Tone.Strong);
            teller.Say($"export KEDGE_STATE={world.Layout.State}", Tone.Strong);
            teller.Say("kedge status", Tone.Strong);
            teller.Say("kedge demo --stop takes it all away.", Tone.Quiet);
        }

        return outcome;
    }

    private static async Task<DemoOutcome> PlayAsync(Stage stage, CancellationToken cancellation)
    {
        await new Opening(stage).PlayAsync(cancellation);
        stage.Teller.Chapter("Disaster");
        var failover = await new DisasterStrikes(stage).PlayAsync(cancellation);
        stage.Teller.Chapter("What it cost");
        await new Reckoning(stage).PlayAsync(failover, cancellation);
        await new WayBack(stage).PlayAsync(failover, cancellation);

        stage.Teller.Chapter("Verdict");
        var attempts = WriteEvidence.Read(stage.World.Layout.Evidence);
        var watch = new WatchFacts(attempts.Count, Reigns.FindOverlaps(Reigns.Find(attempts)).Count);
        stage.Outcome = stage.Outcome with { WriteAttempts = watch.Attempts, Overlaps = watch.Overlaps };
        stage.Judge(watch.Overlaps == 0 && watch.Attempts > 0, OutcomePages.WatchInWords(watch));
        stage.Teller.Show(OutcomePages.Verdict(new(stage.Outcome.Promises, stage.Teller.Clock)));
        return stage.Outcome;
    }

    private static async Task EndAsync(Task follow)
    {
        try
        {
            await follow;
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }
}
