using Kedge.Drivers.PostgreSql.Server;

namespace Kedge.Drivers.PostgreSql;

/// <summary>The least that Kedge needs in a cluster, as SQL for its administrator to read and run.</summary>
public static class PostgresPrivileges
{
    /// <summary>
    /// To be run once, by a superuser, on the primary, in the database that the plan names (privileges on functions
    /// belong to one database). PostgreSQL 15 or later. It holds no password: see its first comment.
    /// </summary>
    /// <param name="role">Name of the role to create; the plan's option <c>user</c>.</param>
    /// <param name="database">The plan's option <c>database</c>.</param>
    public static string Sql(string role, string database)
    {
        var name = Quote(role);
        return $$"""
            -- The role that Kedge connects as; replication, because it also serves standbys. Set its password with: \password {{role}}
            create role {{name}} login replication;
            -- See positions, settings and standbys.
            grant pg_monitor to {{name}};
            -- A checkpoint before a planned stop, and before an old primary is rewound.
            grant pg_checkpoint to {{name}};
            -- Promote the standby.
            grant execute on function pg_catalog.pg_promote(boolean, integer) to {{name}};
            -- Name the synchronous standby while there is one; bound what a slot holds back for one that is gone.
            grant set, alter system on parameter synchronous_standby_names, max_slot_wal_keep_size to {{name}};
            grant execute on function pg_catalog.pg_reload_conf() to {{name}};
            -- pg_rewind: read, from the new primary, what an old one needs to become its standby.
            grant execute on function pg_catalog.pg_ls_dir(text, boolean, boolean) to {{name}};
            grant execute on function pg_catalog.pg_stat_file(text, boolean) to {{name}};
            grant execute on function pg_catalog.pg_read_binary_file(text) to {{name}};
            grant execute on function pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean) to {{name}};
            -- Kedge's own two small tables: which epoch the data belongs to, and the newest marker.
            create schema kedge authorization {{name}};
            set role {{name}};
            {{KedgeSchema.Create.Replace("create schema if not exists kedge;\n", "", StringComparison.Ordinal)}}
            reset role;
            -- pg_hba.conf, at both sites, must admit it to this database and for replication, from both sites:
            --   host {{Quote(database)}} {{name}} ADDRESS/32 scram-sha-256
            --   host replication {{name}} ADDRESS/32 scram-sha-256

            """;
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
