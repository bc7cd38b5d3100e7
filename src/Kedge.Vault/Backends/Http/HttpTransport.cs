using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kedge.Vault.Backends.Http;

/// <summary>The connections of the backends that speak HTTP.</summary>
internal static class HttpTransport
{
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/>: the file with certificates cannot be used.</exception>
    internal static SocketsHttpHandler Connect(BackendOptions options, TimeProvider time)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            // Names may lead elsewhere after a while, as after a failover.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        if (options.CaCertificateFile is { } file)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(file) };
        }

        if (options.UploadLimit is not null || options.DownloadLimit is not null)
        {
            var (upload, download) = (ByteRate.Of(options.UploadLimit, time), ByteRate.Of(options.DownloadLimit, time));
            handler.PlaintextStreamFilter = (connection, _) => new(new PacedStream(connection.PlaintextStream, upload, download));
        }

        return handler;
    }

    /// <summary>A connection that waits for its share of a limited rate has not stalled.</summary>
    internal static TimeSpan StallLimitOf(BackendOptions options, int connections)
    {
        var slowest = Math.Min(options.UploadLimit ?? int.MaxValue, options.DownloadLimit ?? int.MaxValue);
        return options.StallLimit + TimeSpan.FromSeconds(connections * (MeteredStream.Slice + PacedStream.Slice) / 1024d / slowest);
    }

    private static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new VaultException(VaultFault.Misuse, $"the certificates in {file} cannot be read: {BackendFaults.OneLine(e.Message)}", inner: e);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new VaultException(VaultFault.Misuse, $"there is no certificate in {file}", "It must be in PEM form: -----BEGIN CERTIFICATE-----");
    }
}
