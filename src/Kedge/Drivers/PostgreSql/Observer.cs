using Kedge.Drivers.PostgreSql.Server;

namespace Kedge.Drivers.PostgreSql;

/// <summary>Looks at an instance and changes nothing.</summary>
internal sealed class Observer(PostgresParts parts)
{
    private const string SettingsSql = """
        select name, setting || coalesce(unit, '') from pg_settings
        where name in ('wal_level', 'wal_log_hints', 'data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit',
                       'archive_mode', 'hot_standby', 'max_connections', 'max_wal_senders', 'max_replication_slots')
        """;

    public async Task<InstanceObservation> ObserveAsync(PostgresInstance instance, CancellationToken cancellation)
    {
        try
        {
            return await parts.Connections.TalkAsync(instance, async (connection, token) =>
            {
                var state = await ServerState.ReadAsync(connection, token);
                var facts = (await connection.QueryAsync(
                        SettingsSql, static r => (Name: r.GetString(0), Value: r.GetString(1)), token))
                    .ToDictionary(f => f.Name, f => f.Value);
                facts["server-version"] = state.Version;
                facts["system-identifier"] = state.SystemIdentifier;
                facts["data"] = instance.Data;
                return new InstanceObservation
                {
                    State = InstanceState.Running,
                    Role = state.InRecovery ? DataRole.Standby : DataRole.Writable,
                    Summary = $"PostgreSQL {state.Version}, {(state.InRecovery ? "standby" : "primary")}, at {state.Position?.ToString() ?? "no position yet"}",
                    Facts = facts,
                };
            }, cancellation);
        }
        catch (DriverException e)
        {
            return await WithoutConnectionAsync(instance, e);
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            return await WithoutConnectionAsync(instance, new DriverException($"{instance.Id} ({instance.Address}): no answer in time", inner: e));
        }
    }

    private async Task<InstanceObservation> WithoutConnectionAsync(PostgresInstance instance, DriverException why)
    {
        var kind = ServerFailure.Classify(why);
        // The caller's time may be up; the name of a host that is not this machine may take for ever to resolve.
        using var brief = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), parts.Time);
        if (await ServerControl.WhyNotHereAsync(instance, brief.Token) is null)
        {
            var found = ServerProcesses.Find(instance.Data);
            return found.AllDead
                ? new() { State = InstanceState.Stopped, Summary = $"stopped: no process of {instance.Data} lives" }
                : new() { State = InstanceState.Failing, Summary = found.Living.Count > 0 ? $"it runs, but: {why.Message}" : why.Message };
        }

        return kind is FailureKind.NotReady or FailureKind.Denied or FailureKind.Other
            ? new() { State = InstanceState.Failing, Summary = why.Message }
            : new() { State = InstanceState.Unknown, Summary = why.Message, Reachable = kind is FailureKind.Refused };
    }
}
