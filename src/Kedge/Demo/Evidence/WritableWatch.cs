using System.Diagnostics.CodeAnalysis;
using System.Net;
using Npgsql;

namespace Kedge.Demo.Evidence;

/// <summary>Which instances to watch, and how to reach them.</summary>
/// <param name="Instances">By site.</param>
/// <param name="Evidence">File to which each attempt is appended.</param>
internal sealed record WritableWatchOptions(
    IReadOnlyDictionary<string, IPEndPoint> Instances, string Database, string User, string PasswordFile, string Evidence);

/// <summary>
/// Tries to write to every database instance directly, all the time and past all that decides who should be written to,
/// and keeps a record of each attempt. Whether two were writable at once is then a matter of evidence: see
/// <see cref="Reigns"/>.
/// </summary>
internal static class WritableWatch
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan BeforeConnecting = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    /// <summary>Watches until it is cancelled.</summary>
    public static async Task RunAsync(WritableWatchOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var password = (await File.ReadAllTextAsync(options.PasswordFile, cancellation)).TrimEnd('\n');
        using var evidence = new WriteEvidence(options.Evidence);
        await Task.WhenAll(options.Instances.Select(async instance =>
        {
            var settings = new NpgsqlConnectionStringBuilder
            {
                Host = instance.Value.Address.ToString(),
                Port = instance.Value.Port,
                Database = options.Database,
                Username = options.User,
                Password = password,
                ApplicationName = "writable-watch",
                // Whether this instance takes the write is the question, not whether its standby has it.
                Options = "-c synchronous_commit=local",
                Pooling = false,
                Timeout = 1,
                CommandTimeout = 1,
                CancellationTimeout = -1,
                SslMode = SslMode.Disable,
                GssEncryptionMode = GssEncryptionMode.Disable,
            };
            var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
            builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
            await using var source = builder.Build();
            await WatchAsync(instance.Key, source, evidence, time, cancellation);
        }));
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The connection is disposed by the loop that replaces it.")]
    private static async Task WatchAsync(
        string site, NpgsqlDataSource source, WriteEvidence evidence, TimeProvider time, CancellationToken cancellation)
    {
        NpgsqlConnection? connection = null;
        try
        {
            using var ticks = new PeriodicTimer(Every, time);
            while (await ticks.WaitForNextTickAsync(cancellation))
            {
                var from = time.GetUtcNow();
                string? refused = null;
                try
                {
                    connection ??= source.CreateConnection();
                    await WriteAsync(connection, site, time, cancellation);
                }
                catch (NpgsqlException failed)
                {
                    refused = failed is PostgresException told ? told.MessageText : failed.Message;
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    refused = "no answer";
                }

                evidence.Append(new(site, from, time.GetUtcNow(), refused));
                // A standby refuses the write and keeps the connection; a new one each time would cost a process there.
                if (refused is not null && connection is { State: not System.Data.ConnectionState.Open })
                {
                    await connection.DisposeAsync();
                    connection = null;
                    await Task.Delay(BeforeConnecting, time, cancellation);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static async Task WriteAsync(NpgsqlConnection connection, string site, TimeProvider time, CancellationToken cancellation)
    {
        using var clock = new CancellationTokenSource(Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        if (connection.State is not System.Data.ConnectionState.Open)
        {
            await connection.OpenAsync(limit.Token);
        }

        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO writable_watch (site) VALUES ($1) ON CONFLICT (site) DO UPDATE SET writes = writable_watch.writes + 1";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = site });
        await command.ExecuteNonQueryAsync(limit.Token);
    }
}
