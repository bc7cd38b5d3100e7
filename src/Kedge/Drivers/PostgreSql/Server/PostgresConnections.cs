using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>
/// Connections to instances, kept open between uses, so that a promotion does not begin with a log-in. Nothing here
/// waits long: attempts to connect, statements, locks and idle transactions all have limits, on the server's side too.
/// </summary>
internal sealed class PostgresConnections(ISecretReader secrets, TimeProvider time) : IAsyncDisposable
{
    private const string ServerLimits =
        "-c statement_timeout=5000 -c lock_timeout=1000 -c idle_in_transaction_session_timeout=10000";

    private readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new(StringComparer.Ordinal);

    /// <summary>
    /// Talks to an instance. Where a kept connection turns out to be dead, <paramref name="talk"/> is run once more on a
    /// new one: it must be safe to repeat. Throws <see cref="DriverException"/> where the server cannot be reached or
    /// refuses (see <see cref="ServerFailure"/>).
    /// </summary>
    public async Task<T> TalkAsync<T>(
        PostgresInstance instance, Func<NpgsqlConnection, CancellationToken, Task<T>> talk, CancellationToken cancellation)
    {
        var source = Source(instance);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await OpenAsync(instance, source, cancellation);
                return await talk(connection, cancellation);
            }
            catch (Exception e) when (attempt == 1 && !cancellation.IsCancellationRequested && ServerFailure.IsStaleConnection(e))
            {
                source.Clear();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                throw cancellation.IsCancellationRequested
                    ? new OperationCanceledException("cut off while talking to a server", e, cancellation)
                    : ServerFailure.Describe(instance, e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values)
        {
            await source.DisposeAsync();
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(
        PostgresInstance instance, NpgsqlDataSource source, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(instance.ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await source.OpenConnectionAsync(both.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("no answer to an attempt to connect", e);
        }
    }

    private NpgsqlDataSource Source(PostgresInstance instance) =>
        sources.GetOrAdd($"{instance.Host} {instance.Port} {instance.Database} {instance.User} {instance.Password} {instance.ConnectTimeout}",
            _ => Build(instance));

    private NpgsqlDataSource Build(PostgresInstance instance)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = instance.Host,
            Port = instance.Port,
            Database = instance.Database,
            Username = instance.User,
            ApplicationName = "kedge",
            Options = ServerLimits,
            Timeout = Math.Clamp((int)Math.Ceiling(instance.ConnectTimeout.TotalSeconds), 1, 60),
            CommandTimeout = 6,
            // A server that hangs does not answer a request to cancel either.
            CancellationTimeout = -1,
            MinPoolSize = 1,
            MaxPoolSize = 8,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        if (instance.Password is { } password)
        {
            builder.UsePasswordProvider(
                _ => secrets.Read(password), (_, _) => ValueTask.FromResult(secrets.Read(password)));
        }

        return builder.Build();
    }
}

/// <summary>Short forms for statements with positional parameters.</summary>
internal static class Statements
{
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await ReadAsync(command, read, cancellation);
    }

    /// <summary>For a statement that may take as long as it needs (a checkpoint): only the token ends it.</summary>
    public static async Task<List<T>> QueryLongAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await connection.ExecuteAsync("set statement_timeout = 0", cancellation);
        await using var command = Command(connection, sql, []);
        command.CommandTimeout = 0;
        return await ReadAsync(command, read, cancellation);
    }

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The one value that a query returns, as text.</summary>
    public static async Task<string> ExecuteScalarTextAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellation) =>
        (await connection.QueryAsync(sql, static r => r.GetString(0), cancellation))[0];

    public static Task CheckpointAsync(this NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.QueryLongAsync("checkpoint", static _ => 0, cancellation);

    public static string? TextOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A literal for the few statements that take no parameters (ALTER SYSTEM).</summary>
    public static string Literal(string text) =>
        string.Create(CultureInfo.InvariantCulture, $"'{text.Replace("'", "''", StringComparison.Ordinal)}'");

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }
}
