using Kedge.Demo.World;

namespace Kedge.Demo.Play;

/// <summary>The orders that a site's database holds, asked of itself.</summary>
internal static class StoredOrders
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<IReadOnlySet<long>> ReadAsync(DemoWorld world, string site, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        await using var source = world.Databases.Connect(site, WorldLayout.Database, WorldLayout.Customer, world.Layout.Secret(WorldLayout.Customer));
        await using var command = source.CreateCommand("select id from orders");
        await using var reader = await command.ExecuteReaderAsync(limit.Token);
        var orders = new HashSet<long>();
        while (await reader.ReadAsync(limit.Token))
        {
            orders.Add(reader.GetInt64(0));
        }

        return orders;
    }
}
