using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

public sealed class WhenARestServerFails : ServerFaults
{
    private readonly string repository = SharedServers.NewName();

    private protected override string SaveMethod => "POST";

    private protected override async Task<Uri> StartAsync() => (await SharedServers.RestServerAsync()).Address;

    private protected override IBackend Open(Uri server, TimeSpan stallLimit) =>
        VaultLocation.Parse($"rest:{server}{repository}").OpenBare(new() { StallLimit = stallLimit }, TimeProvider.System);

    [Fact]
    public async Task Where_the_range_is_lost_the_right_part_is_taken_out_of_the_whole()
    {
        var pack = TestObject.Random(ObjectKind.Pack, 1 << 20);
        await pack.SaveAsync(Direct);
        Way.Next("GET", new(FaultKind.DropRange), times: 2);
        Assert.Equal(pack.Content[500_000..600_000], await Once.ReadAsync(pack.Name, 500_000, 100_000));
        await TestBackends.FailsAsync(VaultFault.Damaged, () => Once.ReadAsync(pack.Name, 500_000, 1 << 20));
        Assert.Equal(0, Way.Left);
    }

    [Fact]
    public async Task Another_part_than_was_asked_for_is_not_taken()
    {
        var pack = TestObject.Random(ObjectKind.Pack, 1 << 20);
        await pack.SaveAsync(Direct);
        Way.Next("GET", new(FaultKind.ShiftRange), times: 2);
        await TestBackends.FailsAsync(VaultFault.Unavailable, () => Once.ReadAsync(pack.Name, 10, 10));
        Assert.Equal(pack.Content[10..20], await Again.ReadAsync(pack.Name, 10, 10));
    }

    /// <summary>rest-server writes the config in place: what a torn upload leaves is not taken for the config that was to be stored.</summary>
    [Fact]
    public async Task A_config_that_was_torn_is_reported()
    {
        var config = TestObject.Random(ObjectKind.Config, 1 << 20);
        Way.Next("POST", new(FaultKind.CutRequest, 100_000));
        var failure = await TestBackends.FailsAsync(VaultFault.AlreadyExists, () => config.SaveAsync(Again));
        Assert.Contains("other content", failure.Message);
    }
}
