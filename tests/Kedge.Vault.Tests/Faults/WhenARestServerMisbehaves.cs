using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

public sealed class WhenARestServerMisbehaves(ITestOutputHelper output) : ServerMisbehaviour(output)
{
    private protected override string SaveMethod => "POST";

    private protected override IReadOnlyDictionary<string, string?> Variables { get; } = new Dictionary<string, string?>();

    private protected override async Task<Uri> StartAsync() => (await SharedServers.RestServerAsync()).Address;

    private protected override string LocationOf(Uri server, string name) => $"rest:{server}{name}/";
}
