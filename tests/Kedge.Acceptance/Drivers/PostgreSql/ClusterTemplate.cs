using Kedge.Drivers.PostgreSql;
using Npgsql;
using static Kedge.Acceptance.Drivers.PostgreSql.ServerUser;

namespace Kedge.Acceptance.Drivers.PostgreSql;

/// <summary>
/// A stopped primary with roles and tables, and its copy as the standby, made once for each run of the tests. Nobody runs
/// it; each test copies it.
/// </summary>
internal static class ClusterTemplate
{
    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    /// <summary>Where it is: a folder for each site.</summary>
    public static Task<string> FolderAsync() => Made.Value;

    private static async Task<string> MakeAsync()
    {
        var folder = FastFolder.Create("pg-template").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        await OwnAsync(folder);
        var (east, west) = (Path.Join(folder, "east"), Path.Join(folder, "west"));
        var log = Path.Join(folder, "log");
        Task RunAsync(params string[] arguments) => ServerUser.RunAsync(() => File.Exists(log) ? File.ReadAllText(log) : "", arguments);

        await RunAsync(Path.Join(Bin, "initdb"), "--no-sync", "--data-checksums", "--wal-segsize=1", "-A", "trust", "-U", "postgres", "-D", east);
        await File.AppendAllTextAsync(Path.Join(east, "postgresql.conf"), """
            shared_buffers = 32MB
            dynamic_shared_memory_type = mmap
            wal_retrieve_retry_interval = 100ms
            max_slot_wal_keep_size = 1GB
            log_min_messages = warning

            """);
        var port = TwoSiteCluster.FreePort(TwoSiteCluster.Host(TwoSiteCluster.East));
        var options = string.Join(' ', TwoSiteCluster.StartOptions(TwoSiteCluster.East, port));
        await RunAsync(Path.Join(Bin, "pg_ctl"), "-w", "-D", east, "-l", log, "-o", options, "start");
        await using (var connection = TwoSiteCluster.Connection(TwoSiteCluster.East, port, "postgres"))
        {
            await connection.OpenAsync();
            foreach (var sql in new[]
            {
                PostgresPrivileges.Sql("kedge", "postgres"),
                "create table orders (id bigint primary key); grant select, insert on orders to public",
                "select pg_create_physical_replication_slot('kedge_west', true)",
            })
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync();
            }
        }

        await RunAsync(Path.Join(Bin, "pg_ctl"), "-w", "-D", east, "-m", "fast", "stop");
        await RunAsync("cp", "-a", east, west);
        await RunAsync("touch", Path.Join(west, "standby.signal"));
        Directory.Delete(Path.Join(west, "pg_replslot", "kedge_west"), recursive: true);
        return folder;
    }
}
