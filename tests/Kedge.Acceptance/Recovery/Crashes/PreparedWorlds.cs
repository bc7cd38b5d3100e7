namespace Kedge.Acceptance.Recovery.Crashes;

/// <summary>Several worlds beside one another.</summary>
internal sealed class PreparedWorlds : IAsyncDisposable
{
    private readonly List<PreparedWorld> all = [];

    private PreparedWorlds()
    {
    }

    public IReadOnlyList<PreparedWorld> All => all;

    public static async Task<PreparedWorlds> MakeAsync(int count, CancellationToken cancellation)
    {
        var worlds = new PreparedWorlds();
        try
        {
            while (worlds.all.Count < count)
            {
                var more = await Task.WhenAll(Enumerable.Range(worlds.all.Count, count - worlds.all.Count).Select(_ => PreparedWorld.MakeAsync(cancellation)));
                foreach (var world in more)
                {
                    // Between two cases a world holds no port, so that another may have been given the same.
                    if (worlds.all.Any(w => w.Ports.Intersect(world.Ports).Any()))
                    {
                        await world.DisposeAsync();
                    }
                    else
                    {
                        worlds.all.Add(world);
                    }
                }
            }

            return worlds;
        }
        catch
        {
            await worlds.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var world in all)
        {
            await world.DisposeAsync();
        }
    }
}
