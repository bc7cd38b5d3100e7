using System.Net;
using Amazon.S3;
using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

/// <summary>What a machine whose credentials may fall into wrong hands is allowed, and what object lock and quotas do.</summary>
public sealed class WhenS3IsRestricted
{
    private readonly string bucket = SharedServers.NewName();

    [Fact]
    public async Task Credentials_that_may_not_delete_are_enough_for_all_but_deleting()
    {
        var gateway = await SharedServers.RadosGatewayAsync();
        var guest = await gateway.AddUserAsync();
        await using var owner = Open(gateway, gateway.Owner);
        await owner.PrepareAsync(CancellationToken.None);
        await gateway.LetAddAsync(bucket, guest, mayDeleteLocks: true);

        await using var backend = Open(gateway, guest);
        await backend.PrepareAsync(CancellationToken.None);
        var (pack, held) = (TestObject.Random(ObjectKind.Pack, 1000), TestObject.Random(ObjectKind.Lock, 100));
        await pack.SaveAsync(backend);
        await TestObject.Random(ObjectKind.Pack, 33 << 20).SaveAsync(backend);
        await held.SaveAsync(backend);
        await TestBackends.FailsAsync(VaultFault.Denied, () => backend.RemoveAsync(pack.Name, CancellationToken.None));
        await backend.RemoveAsync(held.Name, CancellationToken.None);
        Assert.Equal(pack.Content, await backend.ReadAllAsync(pack.Name));
        Assert.Equal(2, (await owner.ListAllAsync(ObjectKind.Pack)).Count);
    }

    [Fact]
    public async Task With_a_retention_everything_but_locks_is_kept_by_the_server()
    {
        var gateway = await SharedServers.RadosGatewayAsync();
        await using var backend = Open(gateway, gateway.Owner, new() { Retention = new(30, RetentionMode.Governance) });
        await backend.PrepareAsync(CancellationToken.None);
        using var client = gateway.Client(gateway.Owner);
        foreach (var kind in TestObject.NamedKinds.Append(ObjectKind.Config))
        {
            var stored = TestObject.Random(kind, 1000);
            await stored.SaveAsync(backend);
            Assert.Equal(kind != ObjectKind.Lock, await IsKeptAsync(client, stored.Name));
        }

        var large = TestObject.Random(ObjectKind.Pack, 33 << 20);
        await large.SaveAsync(backend);
        Assert.True(await IsKeptAsync(client, large.Name));
        Assert.Equal(large.Content, await backend.ReadAllAsync(large.Name));
    }

    [Fact]
    public async Task A_quota_that_is_reached_is_told_as_that()
    {
        var gateway = await SharedServers.RadosGatewayAsync();
        var poor = await gateway.AddUserAsync();
        await gateway.AdministerAsync("quota", "set", "--quota-scope=user", $"--uid={poor.Name}", "--max-size=300000", "--max-objects=-1");
        await gateway.AdministerAsync("quota", "enable", "--quota-scope=user", $"--uid={poor.Name}");
        await using var backend = Open(gateway, poor);
        await backend.PrepareAsync(CancellationToken.None);
        await TestBackends.FailsAsync(VaultFault.NoSpace, () => TestObject.Random(ObjectKind.Pack, 400_000).SaveAsync(backend));
        Assert.Empty(await backend.ListAllAsync(ObjectKind.Pack));
    }

    [Fact]
    public async Task Wrong_credentials_are_told_without_the_secret()
    {
        var gateway = await SharedServers.RadosGatewayAsync();
        await using var owner = Open(gateway, gateway.Owner);
        await owner.PrepareAsync(CancellationToken.None);
        await using var backend = Open(gateway, gateway.Owner with { SecretKey = "quite-another-secret" });
        var failure = await TestBackends.FailsAsync(VaultFault.Denied, () => backend.ReadAsync(ObjectName.Config, 0, 1));
        Assert.Contains("AWS_SECRET_ACCESS_KEY", failure.Hint);
        Assert.DoesNotContain("quite-another-secret", failure.ToString());
    }

    [Fact]
    public async Task Without_a_bucket_nothing_is_found()
    {
        var gateway = await SharedServers.RadosGatewayAsync();
        await using var backend = Open(gateway, gateway.Owner);
        await TestBackends.FailsAsync(VaultFault.NotFound, () => backend.LengthAsync(ObjectName.Config, CancellationToken.None));
        var failure = await TestBackends.FailsAsync(VaultFault.NotFound, () => backend.ListAllAsync(ObjectKind.Snapshot));
        Assert.Contains("bucket", failure.Hint);
    }

    [Fact]
    public async Task What_others_keep_in_the_bucket_is_left_out()
    {
        var gateway = await SharedServers.RadosGatewayAsync();
        await using var backend = Open(gateway, gateway.Owner);
        await backend.PrepareAsync(CancellationToken.None);
        var pack = TestObject.Random(ObjectKind.Pack, 10);
        await pack.SaveAsync(backend);
        using var client = gateway.Client(gateway.Owner);
        foreach (var key in new[] { "data/", "data/readme", $"data/{pack.Name.Id}", $"data/00/{pack.Name.Id}", $"data/{pack.Name.Id.ToString()[..2]}/{pack.Name.Id}-tmp-1", "database" })
        {
            await client.PutObjectAsync(new() { BucketName = bucket, Key = key, ContentBody = "x" });
        }

        Assert.Equal([pack.Stored], await backend.ListAllAsync(ObjectKind.Pack));
    }

    [Fact]
    public async Task Uploads_that_nobody_completed_can_be_cleared_away()
    {
        var gateway = await SharedServers.RadosGatewayAsync();
        await using var backend = Open(gateway, gateway.Owner);
        await backend.PrepareAsync(CancellationToken.None);
        using var client = gateway.Client(gateway.Owner);
        var ours = StorageLayout.PathOf(TestObject.Random(ObjectKind.Pack, 10).Name);
        await client.InitiateMultipartUploadAsync(bucket, ours);
        await client.InitiateMultipartUploadAsync(bucket, "database/dump");
        Assert.Equal(0, await ((IRemains)backend).ClearRemainsAsync(TimeSpan.FromDays(1), CancellationToken.None));
        // Its clock may be behind ours.
        Assert.Equal(1, await ((IRemains)backend).ClearRemainsAsync(TimeSpan.FromDays(-1), CancellationToken.None));
        Assert.Equal("database/dump", Assert.Single((await client.ListMultipartUploadsAsync(bucket)).MultipartUploads).Key);
    }

    private IBackend Open(RadosGateway gateway, GatewayUser user, BackendOptions? options = null) =>
        gateway.Location(bucket).OpenBare((options ?? new()) with { Environment = user.Variable }, TimeProvider.System);

    private async Task<bool> IsKeptAsync(AmazonS3Client client, ObjectName name)
    {
        try
        {
            var kept = (await client.GetObjectRetentionAsync(new() { BucketName = bucket, Key = StorageLayout.PathOf(name) })).Retention;
            Assert.Equal(ObjectLockRetentionMode.Governance, kept.Mode);
            return kept.RetainUntilDate > DateTime.UtcNow.AddDays(29);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && name.Kind == ObjectKind.Lock)
        {
            return false;
        }
    }
}
