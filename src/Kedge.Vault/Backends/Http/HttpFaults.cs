using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Kedge.Vault.Backends.Http;

/// <summary>What a failure on the way to a server, or its status, means for a vault.</summary>
internal static class HttpFaults
{
    internal static VaultFault Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => VaultFault.NotFound,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed => VaultFault.Denied,
        HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.InsufficientStorage => VaultFault.NoSpace,
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => VaultFault.Misuse,
        _ => VaultFault.Unavailable,
    };

    /// <summary>Whether <see cref="Of(Exception, string)"/> knows it: what a connection can bring, and no bug of ours.</summary>
    internal static bool IsKnown(Exception failure) =>
        failure is HttpRequestException or IOException or SocketException or AuthenticationException or OperationCanceledException;

    /// <param name="doing">What failed, as in "reading data/… from rest:https://host/".</param>
    internal static VaultException Of(Exception failure, string doing) => failure switch
    {
        OperationCanceledException => new(VaultFault.Unavailable, $"{doing}: the server has gone silent", inner: failure),
        _ when Cause<AuthenticationException>(failure) is { } tls => new(
            VaultFault.Denied,
            $"{doing}: the server's certificate is not accepted: {BackendFaults.OneLine(tls.Message)}",
            "Where it was issued by an authority of your own, name that authority's certificate with --cacert.",
            failure),
        _ => new(VaultFault.Unavailable, $"{doing}: {BackendFaults.OneLine(failure.Message)}", inner: failure),
    };

    private static T? Cause<T>(Exception? failure) where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }
}
