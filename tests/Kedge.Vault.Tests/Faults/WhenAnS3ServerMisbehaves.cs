using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

public sealed class WhenAnS3ServerMisbehaves(ITestOutputHelper output) : ServerMisbehaviour(output)
{
    private IReadOnlyDictionary<string, string?> variables = new Dictionary<string, string?>();

    private protected override string SaveMethod => "PUT";

    /// <summary>Requests are signed: a range that is changed on the way is refused.</summary>
    private protected override FaultKind[] Kinds => [.. base.Kinds.Except([FaultKind.DropRange, FaultKind.ShiftRange])];

    private protected override IReadOnlyDictionary<string, string?> Variables => variables;

    private protected override async Task<Uri> StartAsync()
    {
        var gateway = await SharedServers.RadosGatewayAsync();
        variables = new Dictionary<string, string?> { ["AWS_ACCESS_KEY_ID"] = gateway.Owner.AccessKey, ["AWS_SECRET_ACCESS_KEY"] = gateway.Owner.SecretKey };
        return gateway.Endpoint;
    }

    private protected override string LocationOf(Uri server, string name) => $"s3:{server}{name}";
}
