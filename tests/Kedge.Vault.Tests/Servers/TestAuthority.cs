using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kedge.Vault.Tests.Servers;

/// <summary>An authority that nobody trusts but who is told to, for servers on loopback.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kedge-authority-");
    private readonly X509Certificate2 certificate;

    internal TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Kedge's tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        CertificateFile = Path.Join(folder.FullName, "ca.pem");
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate, in PEM form.</summary>
    internal string CertificateFile { get; }

    /// <summary>Writes a certificate for 127.0.0.1 and its key into a folder.</summary>
    internal (string Certificate, string Key) Issue(string into)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), [1, 2, 3]);
        var (certificateFile, keyFile) = (Path.Join(into, "server.pem"), Path.Join(into, "server.key"));
        File.WriteAllText(certificateFile, issued.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    public void Dispose()
    {
        certificate.Dispose();
        folder.Delete(recursive: true);
    }
}
