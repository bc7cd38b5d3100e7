using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Kedge.Vault.Backends;

namespace Kedge.Vault.Tests.Servers;

/// <summary>
/// Ceph's S3 gateway on loopback: a monitor, one storage daemon that keeps everything in memory, and radosgw, without
/// systemd and in a folder of their own. Up in two to three seconds.
/// </summary>
internal sealed class RadosGateway : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly Stack<ServerProcess> processes = new();
    private int users;

    private RadosGateway(DirectoryInfo folder, Uri endpoint) => (this.folder, Endpoint) = (folder, endpoint);

    internal Uri Endpoint { get; }

    /// <summary>May make buckets, and owns those that tests make with its credentials.</summary>
    internal GatewayUser Owner { get; private set; } = new("", "", "");

    private string Configuration => Path.Join(folder.FullName, "ceph.conf");

    /// <summary>Skips the test where Ceph is not installed.</summary>
    internal static async Task<RadosGateway> StartAsync()
    {
        VaultTools.NeedInstalled("/usr/bin/ceph-mon", "/usr/bin/ceph-osd", "/usr/bin/radosgw", "/usr/bin/radosgw-admin", "/usr/bin/ceph", "/usr/bin/monmaptool");
        var folder = Directory.CreateTempSubdirectory("kedge-ceph-");
        var gateway = new RadosGateway(folder, new($"http://127.0.0.1:{ServerProcess.FreePort()}/"));
        try
        {
            await gateway.StartDaemonsAsync();
            gateway.Owner = await gateway.AddUserAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    internal async Task<GatewayUser> AddUserAsync()
    {
        var user = new GatewayUser($"user{Interlocked.Increment(ref users)}", RandomNumberGenerator.GetHexString(20), RandomNumberGenerator.GetHexString(40));
        await AdministerAsync("user", "create", $"--uid={user.Name}", $"--display-name={user.Name}", $"--access-key={user.AccessKey}", $"--secret-key={user.SecretKey}");
        return user;
    }

    /// <summary>Runs radosgw-admin.</summary>
    internal Task AdministerAsync(params string[] arguments) => RunAsync("/usr/bin/radosgw-admin", arguments);

    internal AmazonS3Client Client(GatewayUser user) => new(
        new BasicAWSCredentials(user.AccessKey, user.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = Endpoint.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    internal VaultLocation Location(string bucket, string prefix = "") => VaultLocation.Parse($"s3:{new Uri(Endpoint, $"{bucket}/{prefix}")}");

    /// <summary>Lets somebody read a bucket and add to it.</summary>
    /// <param name="mayDeleteLocks">Nothing else may be deleted in any case.</param>
    internal async Task LetAddAsync(string bucket, GatewayUser guest, bool mayDeleteLocks)
    {
        var forLocks = $$""", { "Effect": "Allow", "Principal": { "AWS": ["arn:aws:iam:::user/{{guest.Name}}"] }, "Action": ["s3:DeleteObject"], "Resource": ["arn:aws:s3:::{{bucket}}/locks/*"] }""";
        using var client = Client(Owner);
        await client.PutBucketPolicyAsync(bucket, $$"""
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Principal": { "AWS": ["arn:aws:iam:::user/{{guest.Name}}"] },
                  "Action": ["s3:ListBucket", "s3:GetObject", "s3:PutObject"],
                  "Resource": ["arn:aws:s3:::{{bucket}}", "arn:aws:s3:::{{bucket}}/*"]
                }
                {{(mayDeleteLocks ? forLocks : "")}}
              ]
            }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        while (processes.TryPop(out var process))
        {
            await process.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private async Task StartDaemonsAsync()
    {
        var (monitor, cluster) = ($"[v2:127.0.0.1:{ServerProcess.FreePort()}/0]", Uuid());
        foreach (var name in new[] { "mon", "osd", "rgw", "crash" })
        {
            folder.CreateSubdirectory(name);
        }

        await File.WriteAllTextAsync(Configuration, CephConfiguration.Of(folder.FullName, monitor, cluster, $"127.0.0.1:{Endpoint.Port}"));
        var map = Path.Join(folder.FullName, "monmap");
        await RunAsync("/usr/bin/monmaptool", "--create", "--fsid", cluster, "--addv", "a", monitor, map);
        await RunAsync("/usr/bin/ceph-mon", "--mkfs", "--id", "a", "--monmap", map);
        Start("/usr/bin/ceph-mon", "--id", "a");

        // It waits for the monitor.
        var storage = Uuid();
        await RunAsync("/usr/bin/ceph", "--connect-timeout", "30", "osd", "new", storage);
        await RunAsync("/usr/bin/ceph-osd", "--mkfs", "--id", "0", "--osd-uuid", storage);
        Start("/usr/bin/ceph-osd", "--id", "0");
        var gateway = Start("/usr/bin/radosgw", "--name", "client.rgw");
        using var client = new HttpClient();
        await gateway.WaitUntilAsync(async c => (await client.GetAsync(Endpoint, c)).IsSuccessStatusCode, TimeSpan.FromSeconds(120));
    }

    private ServerProcess Start(string program, params string[] arguments)
    {
        var process = ServerProcess.Start(
            program, ["--foreground", "--conf", Configuration, .. arguments], Path.Join(folder.FullName, $"{Path.GetFileName(program)}.said"));
        processes.Push(process);
        return process;
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        var end = await Programs.RunAsync(program, arguments, new Dictionary<string, string?> { ["CEPH_CONF"] = Configuration }, CancellationToken.None);
        end.Succeeded();
    }

    private static string Uuid() => Guid.NewGuid().ToString();
}
