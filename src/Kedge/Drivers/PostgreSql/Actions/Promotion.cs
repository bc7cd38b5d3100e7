using Kedge.Drivers.PostgreSql.Server;
using Kedge.Drivers.PostgreSql.Standby;
using Npgsql;

namespace Kedge.Drivers.PostgreSql.Actions;

/// <summary>
/// Makes a standby writable and writes the epoch into its data: the part that <c>promote</c> and <c>take-over</c> share.
/// What keeps a second writer out is not that row but what comes before: the other copy was fenced, and the epoch
/// stands beside the data already, under the instance's lock. The row is the first thing that Kedge writes; until it is
/// there, the action is not done.
/// </summary>
internal sealed class Promotion(PostgresParts parts)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>Done or on the way where the copy is writable already; null while it is a standby.</summary>
    public static async Task<Judgement?> JudgePromotedAsync(
        NpgsqlConnection connection, ServerState state, StepContext step, CancellationToken cancellation)
    {
        var id = step.Instance!.Id;
        var row = await KedgeSchema.ReadEpochAsync(connection, id.Component, cancellation);
        if (row is not null && row.Epoch > Epoch(step))
        {
            var stale = KedgeSchema.Stale(id, Epoch(step), row);
            return Judgement.Impossible(stale.Message, stale.Hint!);
        }

        return state.InRecovery
            ? null
            : row is not null && row.Epoch == Epoch(step) && row.Site == id.Site
                ? Judgement.Done($"accepts writes under epoch {row.Epoch}, from {row.ForkedAt?.ToString() ?? "its own history"} on")
                : Judgement.NotYet($"accepts writes, but its data does not carry epoch {Epoch(step)} yet");
    }

    /// <summary>
    /// Throws <see cref="DriverException"/> where the other copy runs on this machine and is not a standby: never two.
    /// </summary>
    public static async Task DemandOtherIsDownAsync(StepContext step, CancellationToken cancellation)
    {
        var other = PostgresInstance.Of(Other(step));
        if (await ServerControl.WhyNotHereAsync(other, cancellation) is null
            && PostgresDataFolder.Describe(other.Data) is { IsStandby: false }
            && !ServerProcesses.Find(other.Data).AllDead)
        {
            throw new DriverException($"{other.Id} still runs: nothing is promoted beside it",
                "fence it first; if something starts it again, put 'kedge may-start' before its start");
        }
    }

    /// <summary>
    /// Promotes, waits until the copy is writable, writes the epoch. Safe to repeat at any point of itself.
    /// </summary>
    /// <param name="ready">Looks at the standby just before; throws where it must not be promoted.</param>
    public async Task<string> PromoteAsync(
        StepContext step, Func<NpgsqlConnection, ServerState, CancellationToken, Task> ready, CancellationToken cancellation)
    {
        var instance = PostgresInstance.Of(step.Instance!);
        var began = parts.Time.GetTimestamp();
        return await parts.Connections.TalkAsync(instance, async (connection, token) =>
        {
            var state = await ServerState.ReadAsync(connection, token);
            var row = await KedgeSchema.ReadEpochAsync(connection, instance.Id.Component, token);
            if (row is not null && row.Epoch > Epoch(step))
            {
                throw KedgeSchema.Stale(instance.Id, Epoch(step), row);
            }

            var lastSeen = state.NextTransaction;
            string? notKept = null;
            if (state.InRecovery)
            {
                await ready(connection, state, token);
                notKept = await PrimarySide.KeepLogAsync(connection, PostgresInstance.Of(Other(step)), token);
                await FreeOfStandbysAsync(connection, state, instance, token);
                await AskForPromotionAsync(connection, token);
                lastSeen = await WaitUntilWritableAsync(connection, lastSeen, token);
            }

            if (!state.HasSchema)
            {
                await connection.ExecuteAsync(KedgeSchema.Create, token);
            }

            await KedgeSchema.WriteEpochAsync(
                connection, instance.Id, Epoch(step), parts.Time.GetUtcNow(), lastSeen, promoted: true, token);
            return $"{(state.InRecovery ? "promoted" : "was promoted already")} at {state.Replayed?.ToString() ?? "an unknown position"}; "
                + $"epoch {Epoch(step)} is in the data after {parts.Time.GetElapsedTime(began).TotalMilliseconds:0} ms"
                + (notKept is null ? "" : $"; the log since then is not kept for the old primary: {notKept}");
        }, cancellation);
    }

    /// <summary>An earlier attempt that was cut off may have asked already, and be granted just before this one.</summary>
    private static async Task AskForPromotionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await connection.ExecuteAsync("select pg_promote(false)", cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            // Recovery is over; whether the copy is writable is looked at next.
        }
    }

    /// <summary>A new primary must not wait for a synchronous standby that is not there: none is named until one has rejoined.</summary>
    public static async Task FreeOfStandbysAsync(
        NpgsqlConnection connection, ServerState state, PostgresInstance instance, CancellationToken cancellation)
    {
        if (state.SyncNames.Length == 0)
        {
            return;
        }

        if (state.SyncNamesSource is "command line" or "environment variable")
        {
            throw new DriverException(
                $"{instance.Id} is started with synchronous_standby_names='{state.SyncNames}': once promoted, every commit would wait for a standby that is not there",
                "take it out of the start options; Kedge sets it while a standby follows");
        }

        await connection.ExecuteAsync("alter system set synchronous_standby_names = ''", cancellation);
        await connection.ExecuteAsync("select pg_reload_conf()", cancellation);
    }

    /// <summary>The component's copy at the other of the run's two sites.</summary>
    public static InstanceContext Other(StepContext step)
    {
        var own = step.Instance!.Id.Site;
        return step.Instance.At(step.From == own ? step.To : step.From)
            ?? throw new DriverException($"{step.Instance.Id.Component} has no copy at the other site", "give it one in the plan");
    }

    public static long Epoch(StepContext step) =>
        step.Epoch ?? throw new DriverException($"no epoch was taken for {step.Instance!.Id.Component}", "start the run again");

    private async Task<int> WaitUntilWritableAsync(NpgsqlConnection connection, int lastSeen, CancellationToken cancellation)
    {
        while (true)
        {
            var (inRecovery, next) = (await connection.QueryAsync(
                "select pg_is_in_recovery(), age('3'::xid)", static r => (r.GetBoolean(0), r.GetInt32(1)), cancellation))[0];
            if (!inRecovery)
            {
                return lastSeen;
            }

            lastSeen = next;
            await Task.Delay(Look, parts.Time, cancellation);
        }
    }
}
