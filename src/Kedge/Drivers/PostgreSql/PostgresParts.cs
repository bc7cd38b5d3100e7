using Kedge.Drivers.PostgreSql.Server;

namespace Kedge.Drivers.PostgreSql;

/// <summary>What the actions of this driver work with.</summary>
internal sealed record PostgresParts(
    PostgresConnections Connections, PostgresTools Tools, ServerControl Control, ISecretReader Secrets, TimeProvider Time)
{
    public static PostgresParts Build(DriverServices services)
    {
        var tools = new PostgresTools(services.Programs);
        return new(
            new(services.Secrets, services.Time), tools, new(services.Programs, tools, services.Time), services.Secrets, services.Time);
    }
}
