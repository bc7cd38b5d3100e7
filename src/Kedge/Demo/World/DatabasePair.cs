using Kedge.Drivers.PostgreSql;
using Npgsql;

namespace Kedge.Demo.World;

/// <summary>
/// The orders' database: a PostgreSQL primary in the east and its streaming standby in the west, made as an administrator
/// would make them, before Kedge has seen them.
/// </summary>
internal sealed class DatabasePair(WorldLayout layout, bool synchronous, Launcher launcher, TimeProvider time)
{
    private const string Programs = "/usr/lib/postgresql/15/bin/";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly ServerAccount? account = ServerAccount.Find("postgres");

    public static void EnsureInstalled()
    {
        if (!File.Exists(Programs + "postgres"))
        {
            throw new DemoException("PostgreSQL 15 is missing", "sudo apt-get install --no-install-recommends postgresql-15");
        }
    }

    /// <summary>Returns once the standby streams (and, where it is synchronous, counts as that).</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var site in WorldLayout.Sites)
        {
            WriteSettings(site);
        }

        await CreateAsync(cancellation);
        await StartServerAsync("east", cancellation);
        await using var primary = Connect("east", WorldLayout.Database, "postgres", layout.Secret("postgres-admin"));
        await SetUpRolesAsync(cancellation);
        await CopyToWestAsync(cancellation);
        await StartServerAsync("west", cancellation);
        await WaitForStandbyAsync(primary, cancellation);
    }

    /// <summary>Starts the server of a site, as the plan's driver does: on its data folder, with the settings beside it.</summary>
    public async Task StartServerAsync(string site, CancellationToken cancellation)
    {
        var side = layout.Data(site) + ".kedge";
        MakeServersFolder(side);
        await launcher.StartAsync(
            [Programs + "postgres", "-D", layout.Data(site), "-c", $"config_file={layout.DatabaseSettings(site)}"],
            Path.Join(side, "postgres.log"), account, layout.Data(site), new Dictionary<string, string>(), cancellation);
    }

    /// <summary>Not pooled: each connection is the one that was asked for.</summary>
    public NpgsqlDataSource Connect(string site, string database, string user, string passwordFile)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(new NpgsqlConnectionStringBuilder
        {
            Host = layout.DatabaseAt(site).Address.ToString(),
            Port = layout.DatabaseAt(site).Port,
            Database = database,
            Username = user,
            Password = SecretFiles.Read(passwordFile),
            Pooling = false,
            Timeout = 2,
            CommandTimeout = 5,
            CancellationTimeout = -1,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    private void WriteSettings(string site)
    {
        MakeServersFolder(layout.DatabaseFolder(site));
        var access = Path.Join(layout.DatabaseFolder(site), "pg_hba.conf");
        File.WriteAllText(access, """
            host all         all   127.0.0.0/8 scram-sha-256
            host replication kedge 127.0.0.0/8 scram-sha-256

            """);
        File.WriteAllText(layout.DatabaseSettings(site), $"""
            # Settings of the instance at site {site}. They are kept outside the data folder, because a rebuild copies
            # the data folder of the other site.
            listen_addresses = '{layout.DatabaseAt(site).Address}'
            port = {layout.DatabaseAt(site).Port}
            unix_socket_directories = ''
            hba_file = '{access}'
            cluster_name = 'orders-{site}'
            max_connections = 60
            shared_buffers = 32MB
            dynamic_shared_memory_type = mmap
            log_line_prefix = '%m [%p] '
            # What a primary needs, and a standby that may become one.
            wal_level = replica
            wal_log_hints = on
            hot_standby = on
            max_slot_wal_keep_size = 1GB
            wal_sender_timeout = 5s
            # At the default of 5 s a standby notices a promotion up to five seconds late.
            wal_retrieve_retry_interval = 100ms

            """);
        foreach (var file in (string[])[access, layout.DatabaseSettings(site)])
        {
            Own(file);
        }
    }

    private async Task CreateAsync(CancellationToken cancellation)
    {
        var passwordFile = Path.Join(layout.DatabaseFolder("east"), "first-password");
        SecretFiles.Write(passwordFile, SecretFiles.Read(layout.Secret("postgres-admin")));
        Own(passwordFile);
        await RunAsync(
            [
                "initdb", "--pgdata", layout.Data("east"), "--username", "postgres", "--pwfile", passwordFile,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--data-checksums", "--no-sync", "--no-instructions",
            ],
            "east", [], cancellation);
        File.Delete(passwordFile);
    }

    /// <summary>Kedge gets what it says that it needs, and no more; it is no superuser.</summary>
    private async Task SetUpRolesAsync(CancellationToken cancellation)
    {
        await using (var server = Connect("east", "postgres", "postgres", layout.Secret("postgres-admin")))
        {
            await UntilAsync(async () => await AskAsync<int>(server, "SELECT 1", cancellation) == 1, "the primary does not start", cancellation);
            await ExecuteAsync(server, $"CREATE ROLE {WorldLayout.Customer} LOGIN PASSWORD '{SecretFiles.Read(layout.Secret("shop"))}'", cancellation);
            await ExecuteAsync(server, $"CREATE DATABASE {WorldLayout.Database} OWNER {WorldLayout.Customer}", cancellation);
        }

        await using var shop = Connect("east", WorldLayout.Database, "postgres", layout.Secret("postgres-admin"));
        await ExecuteAsync(shop, PostgresPrivileges.Sql("kedge", WorldLayout.Database), cancellation);
        await ExecuteAsync(shop, $"""
            ALTER ROLE kedge PASSWORD '{SecretFiles.Read(layout.Secret("kedge"))}';
            SELECT pg_create_physical_replication_slot('kedge_west', true);
            SET ROLE {WorldLayout.Customer};
            CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL DEFAULT now());
            CREATE TABLE writable_watch (site text PRIMARY KEY, writes bigint NOT NULL DEFAULT 1)
            """, cancellation);
    }

    private async Task CopyToWestAsync(CancellationToken cancellation)
    {
        var east = layout.DatabaseAt("east");
        var password = SecretFiles.Read(layout.Secret("kedge"));
        await RunAsync(
            [
                "pg_basebackup", "--pgdata", layout.Data("west"), "--checkpoint", "fast", "--wal-method", "stream", "--no-sync",
                "--slot", "kedge_west", "--dbname", $"host={east.Address} port={east.Port} user=kedge",
            ],
            "west", new() { ["PGPASSWORD"] = password }, cancellation);
        await File.WriteAllTextAsync(Path.Join(layout.Data("west"), "standby.signal"), "", cancellation);
        await File.AppendAllTextAsync(
            Path.Join(layout.Data("west"), "postgresql.auto.conf"),
            $"primary_conninfo = 'host={east.Address} port={east.Port} user=kedge password={password} application_name=kedge_west'\nprimary_slot_name = 'kedge_west'\n",
            cancellation);
        Own(Path.Join(layout.Data("west"), "standby.signal"));
    }

    private async Task WaitForStandbyAsync(NpgsqlDataSource primary, CancellationToken cancellation)
    {
        if (synchronous)
        {
            await ExecuteAsync(primary, "ALTER SYSTEM SET synchronous_standby_names = 'kedge_west'", cancellation);
            await ExecuteAsync(primary, "SELECT pg_reload_conf()", cancellation);
        }

        var wanted = synchronous ? "sync_state = 'sync' AND state = 'streaming'" : "state = 'streaming'";
        await UntilAsync(
            async () => await AskAsync<bool>(
                primary, $"SELECT count(*) = 1 FROM pg_stat_replication WHERE application_name = 'kedge_west' AND {wanted}", cancellation),
            "the standby does not follow", cancellation);
        await using var standby = Connect("west", WorldLayout.Database, "postgres", layout.Secret("postgres-admin"));
        await UntilAsync(
            async () => await AskAsync<bool>(standby, "SELECT pg_is_in_recovery()", cancellation), "the standby does not answer", cancellation);
    }

    private async Task UntilAsync(Func<Task<bool>> condition, string otherwise, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        NpgsqlException? last = null;
        while (time.GetElapsedTime(began) < Patience)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (NpgsqlException notYet)
            {
                last = notYet;
            }

            await Task.Delay(Look, time, cancellation);
        }

        throw new DemoException($"{otherwise}{(last is null ? "" : $": {last.Message}")}", $"look at the logs in {layout.Folder}");
    }

    private Task RunAsync(
        string[] program, string site, Dictionary<string, string> environment, CancellationToken cancellation) =>
        launcher.RunAsync([Programs + program[0], .. program[1..]], account, layout.DatabaseFolder(site), environment, cancellation);

    private static async Task ExecuteAsync(NpgsqlDataSource server, string statement, CancellationToken cancellation)
    {
        await using var command = server.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<T> AskAsync<T>(NpgsqlDataSource server, string question, CancellationToken cancellation)
    {
        await using var command = server.CreateCommand(question);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private void MakeServersFolder(string folder)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Own(folder);
    }

    private void Own(string path) => account?.Own(path);
}
