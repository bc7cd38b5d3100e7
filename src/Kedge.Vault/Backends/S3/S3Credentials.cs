using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace Kedge.Vault.Backends.S3;

/// <summary>Finds what a request is signed with: the environment first, then AWS's credentials file, then what AWS gives its own machines.</summary>
internal static class S3Credentials
{
    private const string AssumedRegion = "us-east-1";

    private static readonly string[] GivenByAws =
        ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];

    /// <exception cref="VaultException"><see cref="VaultFault.Denied"/>: there are none, or half of them.</exception>
    internal static AWSCredentials Find(Uri endpoint, Func<string, string?> environment)
    {
        var key = Given(environment, "AWS_ACCESS_KEY_ID");
        var secret = Given(environment, "AWS_SECRET_ACCESS_KEY");
        if (key is not null && secret is not null)
        {
            return Given(environment, "AWS_SESSION_TOKEN") is { } token
                ? new SessionAWSCredentials(key, secret, token)
                : new BasicAWSCredentials(key, secret);
        }

        if (key is not null || secret is not null)
        {
            throw new VaultException(VaultFault.Denied, $"{(key is null ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY")} is not set, although its counterpart is");
        }

        var profile = Given(environment, "AWS_PROFILE");
        if (new CredentialProfileStoreChain(Given(environment, "AWS_SHARED_CREDENTIALS_FILE")).TryGetAWSCredentials(profile ?? "default", out var found))
        {
            return found;
        }

        // Only AWS itself has an address that gives credentials: elsewhere asking it would wait in vain, or ask a stranger.
        if (profile is null && (IsAws(endpoint) || GivenByAws.Any(name => Given(environment, name) is not null)))
        {
            return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }

        throw new VaultException(
            VaultFault.Denied,
            profile is null ? "there are no credentials for the object storage" : $"AWS's credentials file has no profile {profile}",
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them to AWS's credentials file (~/.aws/credentials).");
    }

    /// <summary>From the environment, else from the endpoint's name, else the one that servers other than AWS's take for granted.</summary>
    internal static string RegionOf(Uri endpoint, Func<string, string?> environment) =>
        Given(environment, "AWS_REGION") ?? Given(environment, "AWS_DEFAULT_REGION") ?? InName(endpoint) ?? AssumedRegion;

    /// <summary>What a new bucket's region is to be called; null where that goes without saying.</summary>
    internal static string? BucketRegionOf(Uri endpoint, Func<string, string?> environment) =>
        IsAws(endpoint) && RegionOf(endpoint, environment) is var region && region != AssumedRegion ? region : null;

    private static string? InName(Uri endpoint) =>
        IsAws(endpoint) && endpoint.Host.Split('.') is ["s3", var region, "amazonaws", ..] ? region : null;

    private static bool IsAws(Uri endpoint) =>
        endpoint.Host.EndsWith(".amazonaws.com", StringComparison.Ordinal) || endpoint.Host.EndsWith(".amazonaws.com.cn", StringComparison.Ordinal);

    private static string? Given(Func<string, string?> environment, string name) => environment(name) is { Length: > 0 } value ? value : null;
}
