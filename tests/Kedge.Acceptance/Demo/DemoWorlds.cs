using Kedge.Demo.Client;
using Kedge.Demo.World;
using Xunit;

namespace Kedge.Acceptance.Demo;

/// <summary>Worlds for tests, and what tests need to wait for.</summary>
internal static class DemoWorlds
{
    /// <summary>The program beside the tests: its hidden verbs are the world's parts.</summary>
    public static string Program => Path.Join(AppContext.BaseDirectory, "kedge");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<DemoWorld> StartAsync(bool synchronous) =>
        DemoWorld.StartAsync(new(Program, synchronous, Rate: 50, FastFolder.Place), TimeProvider.System, static _ => { }, Cancellation);

    /// <summary>Fails with the sentence when the condition has not come true in a time that no machine needs.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string sentence)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"it never came true that {sentence}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
    }

    public static Task UntilAsync(Func<bool> condition, string sentence) => UntilAsync(() => Task.FromResult(condition()), sentence);

    /// <summary>Waits until the client's ledger shows as many acknowledged orders.</summary>
    public static Task UntilAcknowledgedAsync(DemoWorld world, int count) =>
        UntilAsync(() => Outcomes(world).Count(o => o.Refused is null) >= count, $"{count} orders are acknowledged");

    public static IReadOnlyList<OrderOutcome> Outcomes(DemoWorld world) => new OrderLedger.Reader(world.Layout.Ledger).ReadNew();

    /// <summary>Numbers of the orders that are in the database of a site.</summary>
    public static async Task<HashSet<long>> OrdersAsync(DemoWorld world, string site)
    {
        await using var database = world.Databases.Connect(site, WorldLayout.Database, WorldLayout.Customer, world.Layout.Secret("shop"));
        await using var command = database.CreateCommand("SELECT id FROM orders");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var orders = new HashSet<long>();
        while (await reader.ReadAsync(Cancellation))
        {
            orders.Add(reader.GetInt64(0));
        }

        return orders;
    }

    /// <summary>Makes the standby in the west the primary.</summary>
    public static async Task PromoteWestAsync(DemoWorld world)
    {
        await using var west = world.Databases.Connect("west", "postgres", "postgres", world.Layout.Secret("postgres-admin"));
        await using var command = west.CreateCommand("SELECT pg_promote(true, 60)");
        Assert.Equal(true, await command.ExecuteScalarAsync(Cancellation));
    }
}
