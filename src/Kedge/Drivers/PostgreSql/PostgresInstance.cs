using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.PostgreSql;

/// <summary>The options of one instance, as this driver reads them.</summary>
internal sealed record PostgresInstance
{
    public required InstanceId Id { get; init; }

    /// <summary>Name or address of the machine, or the folder of a Unix socket.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>The database that holds the schema <c>kedge</c>.</summary>
    public required string Database { get; init; }

    public required string User { get; init; }

    public required SecretReference? Password { get; init; }

    /// <summary>The data folder on the instance's machine, absolute and without a trailing slash.</summary>
    public required string Data { get; init; }

    /// <summary>Folder of PostgreSQL's programs; null where it is to be found.</summary>
    public required string? Bin { get; init; }

    /// <summary>The systemd unit that runs the server; null where the server is started by Kedge itself.</summary>
    public required string? Unit { get; init; }

    /// <summary>The operating system's user that the server runs as; null for the owner of the data folder.</summary>
    public required string? OsUser { get; init; }

    public required bool Synchronous { get; init; }

    public required string ReplicationUser { get; init; }

    public required SecretReference? ReplicationPassword { get; init; }

    /// <summary>
    /// Replication slot, and application name, under which this instance follows the other as its standby.
    /// </summary>
    public required string Slot { get; init; }

    /// <summary>In bytes: how much WAL a slot may hold back for a standby that is gone.</summary>
    public required long SlotLimit { get; init; }

    public required string? ConfigFile { get; init; }

    /// <summary>Arguments of <c>postgres</c> that are not in the data folder.</summary>
    public required IReadOnlyList<string> StartOptions { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    public SiteName Site => Id.Site;

    /// <summary>Beside the data folder: lock and epoch, the server's output, what was kept aside.</summary>
    public string SideFolder => Data + ".kedge";

    /// <summary>Where it is, for people.</summary>
    public string Address => $"{Host}:{Port}";

    public static PostgresInstance Of(InstanceContext context)
    {
        var options = context.Options;
        var user = options.Text("user");
        return new()
        {
            Id = context.Id,
            Host = options.Text("host"),
            Port = options.Integer("port"),
            Database = options.Text("database"),
            User = user,
            Password = options.SecretOrNull("password"),
            Data = options.Text("data").TrimEnd('/'),
            Bin = options.TextOrNull("bin"),
            Unit = options.Text("manage") == "systemd" ? options.TextOrNull("unit") : null,
            OsUser = options.TextOrNull("os-user"),
            Synchronous = options.Text("replication-mode") == "sync",
            ReplicationUser = options.TextOrNull("replication-user") ?? user,
            ReplicationPassword = options.SecretOrNull("replication-password")
                ?? (options.Has("replication-user") ? null : options.SecretOrNull("password")),
            Slot = options.TextOrNull("slot") ?? DefaultSlot(context.Id.Site),
            SlotLimit = options.ByteSize("max-slot-wal-keep-size"),
            ConfigFile = options.TextOrNull("config-file"),
            StartOptions = options.List("start-options"),
            ConnectTimeout = options.Duration("connect-timeout"),
        };
    }

    /// <summary><c>kedge_</c> and the site; PostgreSQL allows lower-case letters, digits and underscores.</summary>
    public static string DefaultSlot(SiteName site) => "kedge_" + site.Value.Replace('-', '_');
}
