using System.Collections.Concurrent;
using System.Diagnostics;
using Kedge.Plan.Model;
using Npgsql;

namespace Kedge.Acceptance.Drivers.PostgreSql;

/// <summary>
/// A customer at each site that never stops trying to place orders there, whatever the roles: it remembers each order
/// that was acknowledged, where, and when. Two sites that accept orders in the same stretch of time are seen by it.
/// </summary>
internal sealed class TwoWriters : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<Order> acknowledged = new();
    private readonly List<Task> writers;
    private long next;

    public TwoWriters(TwoSiteCluster cluster)
    {
        writers = [.. ((SiteName[])[TwoSiteCluster.East, TwoSiteCluster.West]).Select(site => WriteAsync(cluster, site))];
    }

    /// <summary>In the order in which they were acknowledged.</summary>
    public IReadOnlyList<Order> Acknowledged => [.. acknowledged.OrderBy(o => o.Ended)];

    /// <summary>Until so many more orders were acknowledged at a site.</summary>
    public Task UntilMoreAsync(SiteName site, int count)
    {
        var wanted = acknowledged.Count(o => o.Site == site) + count;
        return TwoSiteCluster.UntilAsync(
            () => Task.FromResult(acknowledged.Count(o => o.Site == site) >= wanted), $"no orders are accepted at {site}");
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    /// <summary>The longest stretch of time without an acknowledged order at either site.</summary>
    public TimeSpan LongestOutage()
    {
        var all = Acknowledged;
        return all.Zip(all.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a.Ended, b.Ended)).Max();
    }

    /// <summary>How often the site that accepts orders changed: once for each move, more where two did at a time.</summary>
    public int Changes()
    {
        var all = Acknowledged;
        return all.Zip(all.Skip(1), (a, b) => a.Site != b.Site).Count(changed => changed);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task WriteAsync(TwoSiteCluster cluster, SiteName site)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = cluster.Connection(site);
                await connection.OpenAsync(stop.Token);
                while (true)
                {
                    await PlaceAsync(connection, site);
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                await Task.Delay(2);
            }
        }
    }

    private async Task PlaceAsync(NpgsqlConnection connection, SiteName site)
    {
        stop.Token.ThrowIfCancellationRequested();
        var id = Interlocked.Increment(ref next);
        try
        {
            await using var command = new NpgsqlCommand("insert into orders values ($1)", connection) { Parameters = { new() { Value = id } } };
            await command.ExecuteNonQueryAsync();
            acknowledged.Enqueue(new(id, site, Stopwatch.GetTimestamp()));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            // The session goes on: a standby refuses, and the same session sees it being promoted.
        }

        await Task.Delay(1);
    }

    /// <param name="Ended">When its acknowledgement arrived, as <see cref="Stopwatch"/> counts.</param>
    internal sealed record Order(long Id, SiteName Site, long Ended);
}
