using Kedge.Demo.Story;
using Kedge.Demo.World;

namespace Kedge.Demo.Play;

/// <summary>Before the disaster: the node takes the lead, customers order.</summary>
internal sealed class Opening(Stage stage)
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    public async Task PlayAsync(CancellationToken cancellation)
    {
        await stage.UntilAsync(s => s.Register.Leader, TimeSpan.FromSeconds(30), "a node leads", cancellation);
        await stage.World.StartClientAsync(cancellation);
        await stage.World.StartWatchAsync(cancellation);
        stage.Teller.Show(Sites());
        stage.Teller.Gap();
        if (!await stage.UntilOrdersAsync(o => o.Acknowledged > 0, TimeSpan.FromSeconds(30), cancellation))
        {
            throw new DemoException("no order was acknowledged within 30 s", $"the client's words are in {stage.World.Layout.Folder}/client");
        }

        await stage.Teller.FollowAsync(
            () => OrderPages.Counters(stage.NewestOrders(), stage.Time.GetUtcNow()),
            () => [],
            Task.Delay(Calm, stage.Time, cancellation),
            cancellation);
    }

    private StoryPage Sites() => (StoryPage)OpeningPages.Sites(
        new("east", "Data centre East", Stage.AddressOf("east").ToString(),
        [
            new("Orders database", PartState.Running, "primary"),
            new("Order desk", PartState.Running, "serving"),
            new("Catalogue", PartState.Running, "serving"),
        ]),
        new("west", "Data centre West", Stage.AddressOf("west").ToString(),
        [
            new("Orders database", PartState.Running, stage.Options.Synchronous ? "synchronous standby" : "standby"),
            new("Order desk", PartState.Dormant, "dormant"),
            new("Catalogue", PartState.Dormant, "dormant"),
        ]),
        WorldLayout.OrdersHost,
        Stage.AddressOf("east").ToString());
}
