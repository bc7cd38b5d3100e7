using System.Net.Sockets;
using Npgsql;

namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>Why a server could not be talked to, as far as the exception tells.</summary>
internal enum FailureKind
{
    /// <summary>The machine answers and says that nobody listens at the port.</summary>
    Refused,

    /// <summary>No answer: the machine, the way to it, or the server hangs.</summary>
    Silent,

    /// <summary>It starts, stops or recovers (SQLSTATE 57P03).</summary>
    NotReady,

    /// <summary>It does not let Kedge in, or not do what it must.</summary>
    Denied,

    /// <summary>Anything else that the server said.</summary>
    Other,
}

/// <summary>Turns what the database client throws into what an operator reads.</summary>
internal static class ServerFailure
{
    public static FailureKind Classify(Exception exception) => exception switch
    {
        DriverException { InnerException: { } inner } => Classify(inner),
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => FailureKind.NotReady,
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => FailureKind.NotReady,
        PostgresException { SqlState: ['2', '8', ..] or PostgresErrorCodes.InsufficientPrivilege } => FailureKind.Denied,
        PostgresException => FailureKind.Other,
        SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable } => FailureKind.Refused,
        // A socket file that is not there: nobody listens.
        SocketException { NativeErrorCode: 2 } => FailureKind.Refused,
        SocketException or TimeoutException => FailureKind.Silent,
        { InnerException: { } inner } => Classify(inner),
        _ => FailureKind.Silent,
    };

    /// <summary>True where a kept connection was found dead, which says nothing about the server that is there now.</summary>
    public static bool IsStaleConnection(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or "57P05" } => true,
        PostgresException => false,
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => false,
        NpgsqlException { InnerException: IOException } => true,
        _ => false,
    };

    public static DriverException Describe(PostgresInstance instance, Exception exception) =>
        Describe($"{instance.Id} ({instance.Address})", instance.User, exception);

    public static DriverException Describe(string at, string user, Exception exception) =>
        Classify(exception) switch
        {
            FailureKind.Refused => new($"{at}: nobody listens there", "start the server", inner: exception),
            FailureKind.Silent => new($"{at}: no answer", "look at the machine and the way to it", inner: exception),
            FailureKind.NotReady => new($"{at}: {Message(exception)}", "wait until it is ready, and retry", inner: exception),
            FailureKind.Denied => new($"{at}: {Message(exception)}",
                $"give role '{user}' the privileges that 'kedge init' prints, and let pg_hba.conf admit it", inner: exception),
            _ => new($"{at}: {Message(exception)}", (exception as PostgresException)?.Hint ?? "look at the server's log", inner: exception),
        };

    private static string Message(Exception exception) =>
        exception is PostgresException server ? server.MessageText : exception.Message;
}
