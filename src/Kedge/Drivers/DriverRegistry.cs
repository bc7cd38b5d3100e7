using Kedge.Drivers.Command;
using Kedge.Drivers.Dns;
using Kedge.Drivers.Http;
using Kedge.Drivers.Manual;
using Kedge.Drivers.PostgreSql;
using Kedge.Drivers.Process;
using Kedge.Drivers.Systemd;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers;

/// <summary>All drivers, by kind. Adding one is a line in <see cref="Build"/>.</summary>
public sealed class DriverRegistry(IEnumerable<IDriver> drivers)
{
    private readonly Dictionary<string, IDriver> byKind = drivers.ToDictionary(d => d.Contract.Kind);

    public IReadOnlyList<DriverContract> Contracts =>
        [.. byKind.Values.Select(d => d.Contract).OrderBy(c => c.Kind, StringComparer.Ordinal)];

    /// <summary>The driver of a kind; throws <see cref="KeyNotFoundException"/> for one that validation would have refused.</summary>
    public IDriver Get(string kind) => byKind[kind];

    public IChecker GetChecker(string kind) => (IChecker)byKind[kind];

    /// <summary>The drivers that Kedge comes with.</summary>
    public static DriverRegistry Build(DriverServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new(
        [
            new CommandDriver(services),
            new DnsDriver(services),
            new HttpDriver(services),
            new ManualDriver(),
            new PostgresDriver(services),
            new ProcessDriver(services),
            new SystemdDriver(services),
        ]);
    }
}
