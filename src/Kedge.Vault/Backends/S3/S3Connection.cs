using Amazon.Runtime;
using Amazon.S3;
using Kedge.Vault.Backends.Http;

namespace Kedge.Vault.Backends.S3;

/// <summary>Sets the SDK up so that it does what it is told and no more: one attempt, our connections, nothing from its own configuration.</summary>
internal static class S3Connection
{
    /// <summary>A page of a list has at most 1,000 names of at most 1 KiB; errors are short.</summary>
    private const long LongestAnswer = 16 << 20;

    /// <returns>The client, and the connections that go with it: dispose both.</returns>
    internal static (AmazonS3Client Client, HttpClient Connections) Open(Uri endpoint, BackendOptions options, TimeProvider time)
    {
        var credentials = S3Credentials.Find(endpoint, options.Environment);
        var http = new HttpClient(new BoundedAnswers(HttpTransport.Connect(options, time), LongestAnswer))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var config = new AmazonS3Config
        {
            ServiceURL = endpoint.GetLeftPart(UriPartial.Authority),
            AuthenticationRegion = S3Credentials.RegionOf(endpoint, options.Environment),
            IgnoreConfiguredEndpointUrls = true,
            ForcePathStyle = true,
            UseDualstackEndpoint = false,
            UseFIPSEndpoint = false,
            // Servers other than AWS's refuse requests with checksums that they do not know.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            ThrottleRetries = false,
            DefaultConfigurationMode = DefaultConfigurationMode.Standard,
            DisableLogging = true,
            BufferSize = 1 << 16,
            HttpClientFactory = new GivenClient(http),
        };
        return (new(credentials, config), http);
    }

    private sealed class GivenClient(HttpClient client) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
