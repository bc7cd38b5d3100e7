using System.Globalization;
using System.Net;
using Kedge.Drivers.PostgreSql.Server;
using Npgsql;

namespace Kedge.Drivers.PostgreSql;

/// <summary>Finds a running primary and its standbys, for a plan that adopts them. Looks, and changes nothing.</summary>
public static class PostgresAdoption
{
    private const string ServerSql = """
        select pg_is_in_recovery(), current_setting('server_version'), (select system_identifier::text from pg_control_system()),
               current_setting('data_directory', true), current_setting('config_file', true),
               current_setting('max_slot_wal_keep_size'), current_setting('wal_retrieve_retry_interval'),
               current_setting('wal_log_hints') = 'on' or current_setting('data_checksums') = 'on',
               current_setting('synchronous_standby_names'), current_setting('server_version_num')::int,
               (select sender_host || ' ' || sender_port from pg_stat_wal_receiver),
               to_regnamespace('kedge') is not null
        """;

    private const string StandbySql = """
        select coalesce(host(r.client_addr), ''), r.application_name, s.slot_name::text, coalesce(r.sync_state, '')
        from pg_stat_replication r left join pg_replication_slots s on s.active_pid = r.pid
        where r.application_name <> 'pg_basebackup' order by 2
        """;

    /// <summary>
    /// Looks at the server and at what it follows or feeds. A standby's port is not known to its primary: the
    /// primary's own is tried, and where the standby is on this machine, that of its data folder.
    /// Throws <see cref="DriverException"/> where the server cannot be reached, or lets nobody see what is needed.
    /// </summary>
    /// <param name="password">Null where the server asks for none.</param>
    public static async Task<AdoptedCluster> InspectAsync(
        string host, int port, string user, string? password, TimeSpan connectTimeout, CancellationToken cancellation)
    {
        var login = new Login(user, password, connectTimeout);
        var first = await LookAsync(host, port, login, cancellation);
        if (first.Server.IsStandby)
        {
            var (sender, senderPort) = first.Sender
                ?? throw new DriverException($"{host}:{port} is a standby that follows nothing now", "name the primary instead");
            var upper = await LookAsync(sender, senderPort, login, cancellation);
            if (upper.Server.IsStandby)
            {
                throw new DriverException($"{host}:{port} follows {sender}:{senderPort}, which is a standby itself", "name the primary instead");
            }

            first = upper;
        }

        var standbys = new List<AdoptedServer>();
        foreach (var follower in first.Followers)
        {
            standbys.Add(await FindAsync(follower, first.Server, login, cancellation));
        }

        return new(first.Server, standbys, [.. Changes(first, standbys)], [.. Remarks(first, standbys)]);
    }

    private static IEnumerable<string> Changes(Sight primary, List<AdoptedServer> standbys)
    {
        if (!primary.HasSchema)
        {
            yield return "create a role and the schema kedge with two small tables (the SQL is printed, you run it)";
        }

        if (primary.SlotLimit == "-1" && standbys.Count > 0)
        {
            yield return "set max_slot_wal_keep_size (now unlimited) before Kedge makes a replication slot";
        }

        foreach (var standby in standbys.Where(s => s.Slot is null))
        {
            yield return $"the standby {standby.Where} uses no replication slot; Kedge makes one when it rebuilds or rejoins it, not before";
        }
    }

    private static IEnumerable<string> Remarks(Sight primary, List<AdoptedServer> standbys)
    {
        if (standbys.Count == 0)
        {
            yield return "no standby follows this primary: Kedge can build one (the step rejoin, on an empty data folder)";
        }

        if (!primary.CanRewind)
        {
            yield return "neither wal_log_hints nor data checksums are on: an old primary is rebuilt rather than rewound";
        }

        if (primary.Number < 150000)
        {
            yield return $"PostgreSQL {primary.Server.Version} is older than 15: Kedge's role has to be a superuser there";
        }

        foreach (var server in standbys.Prepend(primary.Server))
        {
            if (server.Data is null && server.Port is not null)
            {
                yield return $"{server.Where} does not say where its data folder is: give {server.Where}'s role pg_monitor, or write it into the plan";
            }

            if (server.RetryInterval is { } interval && interval is not ("100ms" or "200ms" or "500ms"))
            {
                yield return $"wal_retrieve_retry_interval is {interval} at {server.Where}: a promotion there may take that much longer; set it to 100ms";
            }
        }
    }

    private static async Task<AdoptedServer> FindAsync(
        Follower follower, AdoptedServer primary, Login login, CancellationToken cancellation)
    {
        var own = follower.Address.Length == 0 || (IPAddress.TryParse(follower.Address, out var address) && await LocalMachine.IsAsync(address.ToString(), cancellation));
        var places = own
            ? LocalServers().ToList()
            : [(follower.Address, primary.Port!.Value)];
        var silent = new List<AdoptedServer>();
        foreach (var (host, port) in places)
        {
            try
            {
                var sight = await LookAsync(host, port, login, cancellation);
                var seen = sight.Server;
                if (!seen.IsStandby || seen.SystemIdentifier != primary.SystemIdentifier)
                {
                    continue;
                }

                // Copies of one cluster share its identifier, but each pair has ports of its own.
                if (sight.Sender is { } sender && sender.Port == primary.Port)
                {
                    return As(follower, seen);
                }

                if (sight.Sender is null)
                {
                    silent.Add(seen);
                }
            }
            catch (DriverException)
            {
                // Not this one, then; that none was found is said below.
            }
        }

        // One that does not say whom it follows (it connects anew, or this role may not know) is it if nobody else can be.
        if (silent is [var only])
        {
            return As(follower, only);
        }

        return As(follower, new(follower.Address.Length == 0 ? "this machine" : follower.Address, null, "unknown", primary.SystemIdentifier, true));
    }

    private static AdoptedServer As(Follower follower, AdoptedServer seen) =>
        seen with { Name = follower.Name, Slot = follower.Slot, SyncState = follower.SyncState };

    /// <summary>Where the servers that run on this machine listen, from their lock files.</summary>
    private static IEnumerable<(string Host, int Port)> LocalServers() =>
        from data in ServerProcesses.DataFolders()
        let file = PostmasterFile.Read(data)
        where file?.Port is not null
        select (Reach(file.Address, file.SocketFolder), file.Port!.Value);

    private static string Reach(string? address, string? socketFolder) => address switch
    {
        null => socketFolder ?? "127.0.0.1",
        "*" or "0.0.0.0" or "::" => "127.0.0.1",
        _ => address,
    };

    private static async Task<Sight> LookAsync(string host, int port, Login login, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = host,
            Port = port,
            Username = login.User,
            Password = login.Password,
            Database = "postgres",
            ApplicationName = "kedge",
            Pooling = false,
            Timeout = Math.Clamp((int)Math.Ceiling(login.ConnectTimeout.TotalSeconds), 1, 60),
            CommandTimeout = 10,
            CancellationTimeout = -1,
            Options = "-c default_transaction_read_only=on -c statement_timeout=5000",
        };
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellation);
            var sight = (await connection.QueryAsync(ServerSql, r => Read(r, host, port), cancellation))[0];
            return sight with
            {
                Followers = await connection.QueryAsync(StandbySql, static r => new Follower(
                    r.GetString(0), r.GetString(1), r.TextOrNull(2), r.GetString(3)), cancellation),
            };
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException && !cancellation.IsCancellationRequested)
        {
            throw ServerFailure.Describe($"{host}:{port}", login.User, e);
        }
    }

    private static Sight Read(NpgsqlDataReader reader, string host, int port)
    {
        var sender = reader.TextOrNull(10)?.Split(' ');
        return new(
            new(host, port, reader.GetString(1), reader.GetString(2), reader.GetBoolean(0))
            {
                Data = reader.TextOrNull(3),
                ConfigFile = reader.TextOrNull(4),
                RetryInterval = reader.GetString(6),
                SyncNames = reader.GetString(8),
            },
            reader.GetString(5), reader.GetBoolean(7), reader.GetInt32(9), reader.GetBoolean(11),
            sender is [var from, var number] ? (from, int.Parse(number, CultureInfo.InvariantCulture)) : null, []);
    }

    private sealed record Login(string User, string? Password, TimeSpan ConnectTimeout);

    private sealed record Follower(string Address, string Name, string? Slot, string SyncState);

    private sealed record Sight(
        AdoptedServer Server, string SlotLimit, bool CanRewind, int Number, bool HasSchema, (string Host, int Port)? Sender,
        IReadOnlyList<Follower> Followers);
}

/// <summary>A primary and what follows it, as they were found.</summary>
/// <param name="Changes">What Kedge would change, once asked to; so far nothing has been.</param>
/// <param name="Remarks">What an administrator may want to know or to change.</param>
public sealed record AdoptedCluster(
    AdoptedServer Primary, IReadOnlyList<AdoptedServer> Standbys, IReadOnlyList<string> Changes, IReadOnlyList<string> Remarks);

/// <summary>One server that was found.</summary>
/// <param name="Host">As it was reached; of a standby that could not be, the address that its primary sees.</param>
/// <param name="Port">Null where it could not be found out.</param>
public sealed record AdoptedServer(string Host, int? Port, string Version, string SystemIdentifier, bool IsStandby)
{
    /// <summary>The data folder on its machine; null where the role may not know.</summary>
    public string? Data { get; init; }

    public string? ConfigFile { get; init; }

    /// <summary>Application name of a standby.</summary>
    public string? Name { get; init; }

    /// <summary>Replication slot that a standby uses; null where it uses none.</summary>
    public string? Slot { get; init; }

    /// <summary>Of a standby, as its primary sees it: <c>async</c>, <c>potential</c>, <c>sync</c>, <c>quorum</c>.</summary>
    public string? SyncState { get; init; }

    public string? RetryInterval { get; init; }

    public string? SyncNames { get; init; }

    public string Where => Port is { } port ? $"{Host}:{port}" : Host;
}
