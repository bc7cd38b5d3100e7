using Npgsql;

namespace Kedge.Demo.Ordering;

/// <summary>
/// The orders, in the database of whichever site is active. Each call looks for a writable instance, the local one
/// first, and tries again for as long as its budget lasts, so that a move of the database is a pause and not an error.
/// </summary>
internal sealed class OrderBook : IAsyncDisposable
{
    /// <summary>Less than the second for which a client waits, so that it gets an answer rather than silence.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(850);

    /// <summary>An instance that hangs must not use up the budget of one that works.</summary>
    private static readonly TimeSpan OpenLimit = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// A repeated order is written again rather than skipped: with nothing to commit, its acknowledgement would not wait
    /// for the synchronous standby, which may never have seen the first attempt.
    /// </summary>
    private const string Place =
        "INSERT INTO orders (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET placed_at = orders.placed_at";

    private readonly NpgsqlMultiHostDataSource source;
    private readonly TimeProvider time;

    public OrderBook(OrderingServiceOptions options, TimeProvider time)
    {
        this.time = time;
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', options.Databases),
            Database = options.Database,
            Username = options.User,
            Password = File.ReadAllText(options.PasswordFile).TrimEnd('\n'),
            ApplicationName = $"orders-{options.Site}",
            MaxPoolSize = 16,
            Timeout = 1,
            CommandTimeout = 2,
            // Never asks the server to cancel: a commit that is cancelled while it waits for the synchronous standby
            // is reported as a success.
            CancellationTimeout = -1,
            // The role of an instance is asked each time, not remembered: it is what changes.
            HostRecheckSeconds = 0,
            NoResetOnClose = true,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        source = builder.BuildMultiHost();
    }

    /// <summary>
    /// Returns once the order is committed; placing it twice places it once. Throws <see cref="OrderRefusedException"/>
    /// where it could not be, or where that is not known.
    /// </summary>
    public Task PlaceAsync(long id, CancellationToken cancellation) => WithinBudgetAsync(
        async (connection, limit) =>
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Place;
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
            await command.ExecuteNonQueryAsync(limit);
            return id;
        },
        cancellation);

    public Task<long> CountAsync(CancellationToken cancellation) =>
        WithinBudgetAsync((connection, limit) => AskAsync<long>(connection, "SELECT count(*) FROM orders", limit), cancellation);

    /// <summary>Throws <see cref="OrderRefusedException"/> unless an instance is found that accepts writes.</summary>
    public async Task EnsureWritableAsync(CancellationToken cancellation)
    {
        var recovering = await WithinBudgetAsync(
            (connection, limit) => AskAsync<bool>(connection, "SELECT pg_is_in_recovery()", limit), cancellation);
        if (recovering)
        {
            throw new OrderRefusedException("the database is a standby", null);
        }
    }

    /// <summary>
    /// Connects as soon as there is a writable database and runs the path of an order once, without leaving one: the
    /// first customer shall not wait for code to be compiled.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(TargetSessionAttributes.ReadWrite, cancellation);
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await using var command = connection.CreateCommand();
                command.CommandText = Place;
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 0 });
                await command.ExecuteNonQueryAsync(cancellation);
                await transaction.RollbackAsync(cancellation);
                return;
            }
            catch (NpgsqlException)
            {
                // No site has a writable database yet; that is what it waits for.
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static async Task<T> AskAsync<T>(NpgsqlConnection connection, string question, CancellationToken limit)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = question;
        return (T)(await command.ExecuteScalarAsync(limit))!;
    }

    private async Task<T> WithinBudgetAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var clock = new CancellationTokenSource(Budget, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        Exception? last = null;
        while (true)
        {
            try
            {
                await using var connection = await OpenAsync(limit.Token);
                var result = await work(connection, limit.Token);
                // An answer that came after the budget may be that of a cut-off commit: not acknowledged.
                limit.Token.ThrowIfCancellationRequested();
                return result;
            }
            catch (PostgresException refused) when (!MayPass(refused.SqlState))
            {
                throw new OrderRefusedException(refused.MessageText, refused);
            }
            catch (NpgsqlException lost)
            {
                last = lost;
                if (lost is PostgresException)
                {
                    // Says so on one connection, means all of them: the instance stops, or follows another one now.
                    source.Clear();
                }
            }
            catch (OperationCanceledException) when (!limit.IsCancellationRequested)
            {
                last = new TimeoutException("the database does not answer");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new OrderRefusedException(Say(last), last);
            }

            try
            {
                await Task.Delay(Pause, time, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new OrderRefusedException(Say(last), last);
            }
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken limit)
    {
        using var clock = new CancellationTokenSource(OpenLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, limit);
        return await source.OpenConnectionAsync(TargetSessionAttributes.ReadWrite, both.Token);
    }

    /// <summary>Read-only (25006), stopped or stopping (57P01 to 57P03), connection trouble (08): a move of the database looks like this.</summary>
    private static bool MayPass(string state) =>
        state is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        || state.StartsWith("08", StringComparison.Ordinal);

    private static string Say(Exception? last) => last switch
    {
        null => "the database did not answer in time",
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => "the database is starting or stopping",
        PostgresException refused => refused.MessageText,
        _ => "no writable database can be reached",
    };
}
