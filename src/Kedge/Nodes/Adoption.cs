using Kedge.Drivers;
using Kedge.Drivers.PostgreSql;
using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;

namespace Kedge.Nodes;

/// <summary>Looks at what runs already, so that a plan can begin with it. Changes nothing.</summary>
public static class Adoption
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Finds a PostgreSQL primary and its standbys, from the address of any of them. Throws <see cref="DriverException"/>
    /// where it cannot be reached or lets nobody see what is needed, or the secret is missing.
    /// </summary>
    /// <param name="password">Null where the server asks for none.</param>
    public static async Task<FoundCluster> PostgresAsync(
        string host, int port, string user, SecretReference? password, CancellationToken cancellation)
    {
        var secret = password is null ? null : new SecretReader().Read(password);
        var found = await PostgresAdoption.InspectAsync(host, port, user, secret, Patience, cancellation);
        return new(Of(found.Primary), [.. found.Standbys.Select(Of)], found.Changes, found.Remarks);
    }

    /// <summary>The least that Kedge needs in a cluster, as SQL for its administrator to read and run on the primary.</summary>
    /// <param name="role">The role that Kedge is to connect as.</param>
    /// <param name="database">The database that is to hold Kedge's two small tables.</param>
    public static string PostgresPrivilegesAsSql(string role, string database) => PostgresPrivileges.Sql(role, database);

    private static FoundServer Of(AdoptedServer server) =>
        new(server.Host, server.Port, server.Version, server.Data, server.ConfigFile, server.Slot, server.SyncState is "sync" or "quorum");
}

/// <summary>A primary and what follows it.</summary>
/// <param name="Changes">What Kedge would change, once asked to; so far nothing has been.</param>
/// <param name="Remarks">What an administrator may want to know or to change.</param>
public sealed record FoundCluster(
    FoundServer Primary, IReadOnlyList<FoundServer> Standbys, IReadOnlyList<string> Changes, IReadOnlyList<string> Remarks);

/// <summary>One server.</summary>
/// <param name="Port">Null where it could not be found out.</param>
/// <param name="Data">The data folder on its machine; null where the role may not know.</param>
/// <param name="Slot">Replication slot that a standby uses; null where it uses none.</param>
/// <param name="Synchronous">Of a standby: commits wait for it.</param>
public sealed record FoundServer(string Host, int? Port, string Version, string? Data, string? ConfigFile, string? Slot, bool Synchronous)
{
    public string Where => Port is { } port ? $"{Host}:{port}" : Host;
}
