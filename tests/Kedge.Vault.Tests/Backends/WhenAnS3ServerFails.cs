using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

public sealed class WhenAnS3ServerFails : ServerFaults
{
    private readonly string bucket = SharedServers.NewName();
    private RadosGateway gateway = null!;

    private protected override string SaveMethod => "PUT";

    private protected override async Task<Uri> StartAsync()
    {
        gateway = await SharedServers.RadosGatewayAsync();
        return gateway.Endpoint;
    }

    private protected override IBackend Open(Uri server, TimeSpan stallLimit) =>
        VaultLocation.Parse($"s3:{server}{bucket}").OpenBare(new() { Environment = gateway.Owner.Variable, StallLimit = stallLimit }, TimeProvider.System);

    [Fact]
    public async Task A_long_upload_that_is_torn_leaves_no_parts_behind()
    {
        var pack = TestObject.Random(ObjectKind.Pack, (32 << 20) + 1);
        Way.Next("PUT", new(FaultKind.CutRequest, 5_000_000));
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => pack.SaveAsync(Once));
        Assert.Empty(await Direct.ListAllAsync(ObjectKind.Pack));
        using var client = gateway.Client(gateway.Owner);
        var unfinished = await client.ListMultipartUploadsAsync(bucket);
        Assert.Empty(unfinished.MultipartUploads ?? []);
        await pack.SaveAsync(Again);
        Assert.Equal([pack.Stored], await Direct.ListAllAsync(ObjectKind.Pack));
    }

    [Fact]
    public async Task A_long_upload_whose_last_answer_is_lost_succeeds_with_the_next_attempt()
    {
        var pack = TestObject.Random(ObjectKind.Pack, (32 << 20) + 1);
        // The first begins the upload, the second completes it.
        Way.Next("POST", new(FaultKind.Pass));
        Way.Next("POST", new(FaultKind.LoseAnswer));
        await pack.SaveAsync(Again);
        Assert.Equal(0, Way.Left);
        Assert.Equal(pack.Content, await Direct.ReadAllAsync(pack.Name));
    }

    /// <summary>Some servers know no conditions: they are asked first instead, from then on.</summary>
    [Fact]
    public async Task Where_the_server_does_not_know_a_condition_nothing_is_overwritten_either()
    {
        var snapshot = TestObject.Random(ObjectKind.Snapshot, 300);
        Way.Next("PUT", new(FaultKind.Refuse, 501));
        await snapshot.SaveAsync(Once);
        Assert.Equal(snapshot.Content, await Direct.ReadAllAsync(snapshot.Name));
        await TestBackends.FailsAsync(VaultFault.AlreadyExists, () => snapshot.SaveAsync(Once));
    }
}
