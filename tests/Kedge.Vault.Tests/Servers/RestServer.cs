using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Kedge.Vault.Backends;
using Kedge.Vault.Tests.Snapshots;

namespace Kedge.Vault.Tests.Servers;

/// <summary>restic's rest-server on loopback, with a folder that goes when it goes.</summary>
internal sealed class RestServer : IAsyncDisposable
{
    private readonly TestFolder folder;
    private readonly ServerProcess process;

    private RestServer(TestFolder folder, ServerProcess process, Uri address) => (this.folder, this.process, Address) = (folder, process, address);

    /// <summary>Without user and password.</summary>
    internal Uri Address { get; }

    /// <summary>Where it keeps its repositories.</summary>
    internal string Folder => Directory.CreateDirectory(Path.Join(folder.Path, "data")).FullName;

    /// <summary>Starts one that demands no password. Skips the test where it is missing.</summary>
    /// <param name="options">Its own options, as --append-only.</param>
    internal static Task<RestServer> StartAsync(params string[] options) => StartAsync(Uri.UriSchemeHttp, _ => ["--no-auth", .. options]);

    /// <summary>Starts one that knows one user, over TLS.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "htpasswd's form that is the shortest to make.")]
    internal static Task<RestServer> StartWithTlsAsync(TestAuthority authority, string user, string password) => StartAsync(
        Uri.UriSchemeHttps,
        folder =>
        {
            var (certificate, key) = authority.Issue(folder);
            var hash = Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
            File.WriteAllText(Path.Join(folder, "htpasswd"), $"{user}:{{SHA}}{hash}\n");
            return ["--htpasswd-file", Path.Join(folder, "htpasswd"), "--tls", "--tls-cert", certificate, "--tls-key", key];
        });

    internal VaultLocation Location(string repository) => VaultLocation.Parse($"rest:{new Uri(Address, repository)}/");

    /// <summary>A new vault on it, as <see cref="FolderVault.New"/> has them.</summary>
    internal Task<VaultRepository> InitAsync(TimeProvider time) =>
        VaultRepository.InitAsync(Location("vault").Open(new() { RetryFor = TimeSpan.Zero }, time), FolderVault.New(), time, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<RestServer> StartAsync(string scheme, Func<string, string[]> options)
    {
        var program = VaultTools.Need("rest-server");
        var folder = new TestFolder();
        var port = ServerProcess.FreePort();
        var data = Directory.CreateDirectory(Path.Join(folder.Path, "data")).FullName;
        var process = ServerProcess.Start(
            program, ["--listen", $"127.0.0.1:{port}", "--path", data, .. options(folder.Path)], Path.Join(folder.Path, "log"));
        var server = new RestServer(folder, process, new($"{scheme}://127.0.0.1:{port}/"));
        try
        {
            using var client = new HttpClient(new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
            });
            await process.WaitUntilAsync(
                async c =>
                {
                    using var answer = await client.GetAsync(new Uri(server.Address, "none/config"), c);
                    return answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized;
                },
                TimeSpan.FromSeconds(30));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
