using Kedge.Drivers.PostgreSql.Server;
using Kedge.Drivers.PostgreSql.Standby;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>
/// Makes an instance the standby of the other one: an old primary after a move, or an empty folder. Ends what runs
/// there in any other role, keeps aside what only it has, and is done when it is seen streaming.
/// </summary>
internal sealed class RejoinAction(PostgresParts parts) : IDriverAction
{
    private const string Elsewhere = "run a node at its site: its data folder must be on this machine";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromMinutes(1);

    /// <summary>What a standby's log says when it can never follow from where it stands.</summary>
    private static readonly string[] Hopeless =
    [
        "has already been removed", "is not in this server's history", "is ahead of the WAL flush position",
        "forked off current database system timeline", "could not locate required checkpoint record",
        "requested timeline", "database system identifier differs",
    ];

    private readonly PrimarySide primaries = new(parts);

    public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => Talking.OrNotYetAsync(async () =>
    {
        var standby = PostgresInstance.Of(step.Instance!);
        if (!await LocalMachine.IsAsync(standby.Host, cancellation))
        {
            return Judgement.Impossible($"{standby.Host} is not this machine", Elsewhere);
        }

        var primary = PostgresInstance.Of(Promotion.Other(step));
        var state = await primaries.ReadAsync(primary, cancellation);
        var row = await primaries.FindAsync(primary, standby, cancellation);
        if (row is not { State: "streaming", Replayed: not null } || StandbyBuilder.IsHalfDone(standby))
        {
            return Judgement.NotYet(row is null ? $"does not follow {primary.Id}" : $"follows {primary.Id} ({row.State})");
        }

        if (standby.Synchronous && row.SyncState is not ("sync" or "quorum"))
        {
            return Judgement.NotYet($"streams from {primary.Id}, but commits there do not wait for it");
        }

        var (inRecovery, timeline) = await parts.Connections.TalkAsync(standby, async (connection, token) =>
            (await connection.QueryAsync(
                "select pg_is_in_recovery(), (select received_tli from pg_stat_wal_receiver)",
                static r => (r.GetBoolean(0), r.IsDBNull(1) ? 0u : (uint)r.GetInt32(1)), token))[0], cancellation);
        return inRecovery && timeline == state.History.Timeline
            ? Judgement.Done($"streams from {primary.Id} on timeline {timeline}, {row.ReplayLag(state.Position)} bytes behind{(standby.Synchronous ? ", synchronous" : "")}")
            : Judgement.NotYet($"connected to {primary.Id}, on timeline {timeline} instead of {state.History.Timeline}");
    });

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var standby = PostgresInstance.Of(step.Instance!);
        var primary = PostgresInstance.Of(Promotion.Other(step));
        if (!await LocalMachine.IsAsync(standby.Host, cancellation))
        {
            throw new DriverException($"{standby.Host} is not this machine", Elsewhere);
        }

        if (await JudgeAsync(step, cancellation) is { Kind: JudgementKind.Done } done)
        {
            return $"{standby.Id} {done.What}";
        }

        var state = await primaries.PrepareAsync(primary, standby, step.Epoch, cancellation);
        var builder = new StandbyBuilder(parts, primaries);
        await EndServerAsync(standby, cancellation);
        var how = await builder.PrepareAsync(standby, primary, state, step.Run, null, cancellation);
        if (await WhyNotFollowingAsync(standby, primary, cancellation) is { } why)
        {
            await EndServerAsync(standby, cancellation);
            how = await builder.PrepareAsync(standby, primary, state, step.Run, why, cancellation);
            if (await WhyNotFollowingAsync(standby, primary, cancellation) is { } again)
            {
                throw new DriverException($"{standby.Id} was rebuilt and still cannot follow {primary.Id}: {again}",
                    "look at both servers' logs");
            }
        }

        await DropOldSlotsAsync(step.Instance!, standby, cancellation);
        if (standby.Synchronous)
        {
            await primaries.WaitForStandbyAsync(primary, standby, cancellation);
        }

        StandbyBuilder.Finish(standby);
        return $"{standby.Id} follows {primary.Id}: {how}";
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public async Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        await Preflight.OfManagedServerAsync(parts, PostgresInstance.Of(step.Instance!), Elsewhere, cancellation);

    /// <summary>A standby is stopped as it should be; anything that might accept writes is ended at once.</summary>
    private async Task EndServerAsync(PostgresInstance standby, CancellationToken cancellation)
    {
        if (!Directory.Exists(standby.Data) || ServerProcesses.Find(standby.Data).AllDead)
        {
            return;
        }

        if (PostgresDataFolder.Describe(standby.Data) is { IsStandby: true })
        {
            using var limit = new CancellationTokenSource(StopLimit, parts.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                await parts.Control.StopFastAsync(standby, both.Token);
                return;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // It hangs: ended below, and the caller's report does not depend on how it stopped.
            }
        }

        await parts.Control.EndAsync(standby, cancellation);
    }

    /// <summary>Starts it and waits until it streams; returns why it never will, null once it does.</summary>
    private async Task<string?> WhyNotFollowingAsync(
        PostgresInstance standby, PostgresInstance primary, CancellationToken cancellation)
    {
        try
        {
            await parts.Control.StartAsync(standby, cancellation);
        }
        catch (DriverException e)
        {
            return e.Message;
        }

        var started = parts.Time.GetTimestamp();
        while (true)
        {
            var row = await primaries.FindAsync(primary, standby, cancellation);
            if (row is { State: "streaming", Replayed: not null })
            {
                return null;
            }

            if (ServerProcesses.Find(standby.Data).AllDead)
            {
                return $"it ended: {parts.Control.LastOutput(standby)}";
            }

            var said = parts.Control.LastOutput(standby);
            if (row is null && Hopeless.FirstOrDefault(h => said.Contains(h, StringComparison.Ordinal)) is not null)
            {
                return said;
            }

            if (row is null && parts.Time.GetElapsedTime(started) > ConnectLimit)
            {
                throw new DriverException($"{standby.Id} runs, but does not connect to {primary.Id}: {said}",
                    "look at its log, at pg_hba.conf of the primary, and at the way between them");
            }

            await Task.Delay(Look, parts.Time, cancellation);
        }
    }

    /// <summary>A standby needs no slots for the copies that it used to feed: they would only hold back its own log.</summary>
    private Task DropOldSlotsAsync(InstanceContext context, PostgresInstance standby, CancellationToken cancellation)
    {
        var others = context.Component.Instances
            .Where(i => i.Id != standby.Id)
            .Select(i => PostgresInstance.Of(new(context.Component, i)).Slot)
            .ToArray();
        return parts.Connections.TalkAsync(standby, (connection, token) => connection.ExecuteAsync(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_type = 'physical' and not active and slot_name = any($1)",
            token, [others]), cancellation);
    }
}
