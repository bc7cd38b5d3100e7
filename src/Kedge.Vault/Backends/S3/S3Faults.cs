using System.Net;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using Kedge.Vault.Backends.Http;

namespace Kedge.Vault.Backends.S3;

/// <summary>What the errors of S3 and of those who speak like it mean for a vault (Amazon S3 API reference, "Error responses").</summary>
internal static class S3Faults
{
    internal static bool IsKnown(Exception failure) =>
        failure is AmazonServiceException or AmazonClientException or XmlException || HttpFaults.IsKnown(failure);

    /// <summary>Whether the server does not know a condition that was put on a request.</summary>
    internal static bool IsNotImplemented(Exception failure) =>
        failure is AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented } or AmazonS3Exception { ErrorCode: "NotImplemented" };

    /// <param name="doing">What failed, as in "reading data/… from s3:https://host/bucket".</param>
    internal static VaultException Of(Exception failure, string doing)
    {
        if (failure is OperationCanceledException || failure is not AmazonServiceException { StatusCode: not 0 } said)
        {
            return HttpFaults.Of(failure.InnerException is { } inner && HttpFaults.IsKnown(inner) ? inner : failure, doing);
        }

        var (fault, hint) = Meaning(said);
        var words = BackendFaults.OneLine($"{(int)said.StatusCode} {said.ErrorCode}: {said.Message}");
        return new(fault, $"{doing}: the server says {words}", hint, failure);
    }

    private static (VaultFault Fault, string? Hint) Meaning(AmazonServiceException said) => said.ErrorCode switch
    {
        "NoSuchBucket" => (VaultFault.NotFound, "Create the bucket first, or check its name."),
        "QuotaExceeded" or "TooManyBuckets" or "XMinioStorageFull" => (VaultFault.NoSpace, "A quota of the storage is reached."),
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" =>
            (VaultFault.Denied, "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile in AWS's credentials file."),
        "ExpiredToken" or "InvalidToken" => (VaultFault.Denied, "Fetch new credentials: AWS_SESSION_TOKEN is not valid any more."),
        "RequestTimeTooSkewed" => (VaultFault.Denied, "Set this machine's clock: it differs too much from the server's."),
        "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" =>
            (VaultFault.Misuse, "Name the bucket's region in AWS_REGION, and its endpoint in the location."),
        "InvalidBucketName" => (VaultFault.Misuse, "Check the name of the bucket in the location."),
        "InvalidRequest" or "InvalidArgument" => (VaultFault.Misuse, "The server does not know what was asked of it; for a retention the bucket must have object lock."),
        "PreconditionFailed" => (VaultFault.AlreadyExists, null),
        "AccessDenied" => (VaultFault.Denied, "The policy does not allow this with these credentials."),
        // What did not arrive as it was sent.
        "RequestTimeout" or "IncompleteBody" or "BadDigest" or "XAmzContentSHA256Mismatch" => (VaultFault.Unavailable, null),
        _ when said.StatusCode == HttpStatusCode.BadRequest => (VaultFault.Misuse, "Check that the location is one of S3, and the region in AWS_REGION."),
        _ => (HttpFaults.Of(said.StatusCode), null),
    };
}
