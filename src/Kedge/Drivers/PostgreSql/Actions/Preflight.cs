using System.Globalization;
using Kedge.Drivers.PostgreSql.Server;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>What would fail if an action ran now. Looks, and changes nothing.</summary>
internal static class Preflight
{
    /// <summary>For actions that start and stop a server: its folder, its programs, the right to signal it.</summary>
    public static async Task<IReadOnlyList<PreflightFinding>> OfManagedServerAsync(
        PostgresParts parts, PostgresInstance instance, string elsewhere, CancellationToken cancellation)
    {
        if (await ServerControl.WhyNotHereAsync(instance, cancellation) is { } why)
        {
            return [new(false, why, elsewhere)];
        }

        var findings = new List<PreflightFinding>();
        try
        {
            findings.Add(new(true, $"PostgreSQL's programs are in {PostgresTools.Folder(instance)}", null));
            var user = await parts.Tools.UserAsync(instance, cancellation);
            findings.Add(Environment.IsPrivilegedProcess || user == Environment.UserName
                ? new(true, $"the server's user is {user}", null)
                : new(false, $"the server runs as {user}, and this process as {Environment.UserName}", $"run Kedge as {user} or as root"));
        }
        catch (DriverException e)
        {
            findings.Add(new(false, e.Message, e.Hint));
        }

        if (ServerProcesses.Find(instance.Data).Hidden > 0)
        {
            findings.Add(new(false, "processes of PostgreSQL belong to users that this process may not look at",
                "run Kedge as the server's user or as root"));
        }

        return findings;
    }

    /// <summary>For actions that promote: credentials as seen from here, privileges, settings that would cost time.</summary>
    public static async Task<IReadOnlyList<PreflightFinding>> OfStandbyAsync(
        PostgresParts parts, PostgresInstance instance, CancellationToken cancellation)
    {
        try
        {
            return await parts.Connections.TalkAsync(instance, async (connection, token) =>
            {
                var state = await ServerState.ReadAsync(connection, token);
                var findings = new List<PreflightFinding>
                {
                    new(true, $"{instance.User} logs in at {instance.Address}, PostgreSQL {state.Version}", null),
                    state.InRecovery
                        ? new(true, $"it is a standby, at {state.Position?.ToString() ?? "no position yet"}", null)
                        : new(false, "it is no standby: it accepts writes", "look at 'kedge status' for the active site"),
                };
                var (promote, reload, alter, retry) = (await connection.QueryAsync(
                    """
                    select has_function_privilege('pg_promote(boolean, integer)', 'execute'),
                           has_function_privilege('pg_reload_conf()', 'execute'),
                           case when current_setting('server_version_num')::int >= 150000
                                then has_parameter_privilege('synchronous_standby_names', 'alter system')
                                else current_setting('is_superuser') = 'on' end,
                           (select setting::bigint from pg_settings where name = 'wal_retrieve_retry_interval')
                    """,
                    static r => (r.GetBoolean(0), r.GetBoolean(1), r.GetBoolean(2), r.GetInt64(3)), token))[0];
                findings.Add(promote
                    ? new(true, $"{instance.User} may promote", null)
                    : new(false, $"role {instance.User} may not execute pg_promote", "run the SQL that 'kedge init' prints"));
                if (instance.Synchronous)
                {
                    findings.Add(reload && alter
                        ? new(true, $"{instance.User} may set synchronous_standby_names", null)
                        : new(false, $"role {instance.User} may not set synchronous_standby_names and reload: once promoted, commits would wait for a standby that is gone",
                            "run the SQL that 'kedge init' prints"));
                }

                findings.Add(retry <= 500
                    ? new(true, $"wal_retrieve_retry_interval is {retry} ms", null)
                    : new(false, $"wal_retrieve_retry_interval is {retry.ToString(CultureInfo.InvariantCulture)} ms: a promotion may take that much longer",
                        "set wal_retrieve_retry_interval = '100ms' on the standby and reload"));
                return findings;
            }, cancellation);
        }
        catch (DriverException e)
        {
            return [new(false, e.Message, e.Hint)];
        }
    }
}
