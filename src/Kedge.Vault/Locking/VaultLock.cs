using Kedge.Vault.Format;

namespace Kedge.Vault.Locking;

/// <summary>
/// Says in the vault that somebody is at work, as restic does (doc/design.rst, "Locks"): several may share it, or one has
/// it alone. Refreshed every five minutes; half an hour without makes it stale, and others may remove it.
/// </summary>
public sealed class VaultLock : IAsyncDisposable
{
    /// <summary>After this long without a refresh others take the holder for dead.</summary>
    internal static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(30);

    internal static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(5);

    /// <summary>Short of stale by what clocks may differ.</summary>
    private static readonly TimeSpan DoubtAfter = StaleAfter - (1.5 * RefreshEvery);

    /// <summary>Between making a lock and looking once more: whoever made one at the same moment is seen by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    private readonly VaultRepository vault;
    private readonly LockHolder holder;
    private readonly SemaphoreSlim refreshing = new(1);
    private readonly ITimer timer;
    private readonly DateTimeOffset settled;
    private ObjectId id;
    private DateTimeOffset refreshed;
    private bool hasBeenInDoubt;
    private bool isReleased;

    private VaultLock(VaultRepository vault, LockHolder holder, bool isExclusive, ObjectId id, DateTimeOffset made)
    {
        this.vault = vault;
        this.holder = holder;
        this.id = id;
        IsExclusive = isExclusive;
        Began = refreshed = made;
        settled = made + Settling;
        timer = vault.Time.CreateTimer(_ => _ = RefreshQuietlyAsync(), null, RefreshEvery, RefreshEvery);
    }

    public bool IsExclusive { get; }

    /// <summary>
    /// Whether there was a time when others could have taken the holder for dead, as after a laptop's sleep: what it had
    /// seen before may be gone.
    /// </summary>
    public bool HasBeenInDoubt
    {
        // Whoever wakes up may ask before the timer has noticed how late it is.
        get => hasBeenInDoubt |= vault.Time.GetUtcNow() - refreshed > DoubtAfter;
        private set => hasBeenInDoubt = value;
    }

    /// <summary>When it was taken, by this machine's clock.</summary>
    public DateTimeOffset Began { get; }

    internal LockHolder Holder => holder;

    /// <summary>
    /// Takes a lock, which is not sure before <see cref="ConfirmAsync"/>. What is read of the vault from now on is what any
    /// exclusive holder has left who did not see this lock. From then on SIGHUP does not end this process, since restic sends
    /// that to holders of locks.
    /// </summary>
    /// <param name="patience">How long to wait for others; zero to refuse at once.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Locked"/>, with who holds it and since when.</exception>
    public static Task<VaultLock> BeginAsync(VaultRepository vault, LockHolder holder, bool exclusive, TimeSpan patience, CancellationToken cancellation) =>
        TakeAsync(vault, holder, exclusive, patience, taken => taken.LookAsync(cancellation), cancellation);

    /// <summary>Takes a lock and makes sure of it.</summary>
    public static Task<VaultLock> AcquireAsync(VaultRepository vault, LockHolder holder, bool exclusive, TimeSpan patience, CancellationToken cancellation) =>
        TakeAsync(vault, holder, exclusive, patience, taken => taken.ConfirmAsync(cancellation), cancellation);

    /// <summary>Makes sure that nobody took a lock at the same moment which this one excludes, and that this one stands: where
    /// it does not, it is taken anew, and was in doubt. Nothing may be listed in the vault on its strength before.</summary>
    public async Task ConfirmAsync(CancellationToken cancellation)
    {
        var left = settled - vault.Time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, vault.Time, cancellation);
        }

        await LookAsync(cancellation);
    }

    /// <summary>Refreshes it now. Sets <see cref="HasBeenInDoubt"/> where it comes late.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await refreshing.WaitAsync(cancellation);
        try
        {
            if (!isReleased)
            {
                await ReplaceAsync(cancellation);
            }
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>Releases it. Where the storage does not let it be removed it goes stale by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await refreshing.WaitAsync();
        try
        {
            if (!isReleased)
            {
                isReleased = true;
                // Also when the caller was interrupted: nobody shall wait for half an hour.
                using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1), vault.Time);
                await RemoveAsync(id, limit.Token);
            }
        }
        finally
        {
            refreshing.Release();
        }
    }

    private static async Task<VaultLock> TakeAsync(
        VaultRepository vault, LockHolder holder, bool exclusive, TimeSpan patience, Func<VaultLock, Task> makeSure, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(holder);
        HangupShield.Raise();
        var until = vault.Time.GetUtcNow() + patience;
        var pause = TimeSpan.FromSeconds(1);
        while (true)
        {
            try
            {
                return await TryTakeAsync(vault, holder, exclusive, makeSure, cancellation);
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Locked && vault.Time.GetUtcNow() + pause < until)
            {
                await Task.Delay(pause, vault.Time, cancellation);
                pause = TimeSpan.FromSeconds(Math.Min(60, pause.TotalSeconds * 2));
            }
        }
    }

    private static async Task<VaultLock> TryTakeAsync(
        VaultRepository vault, LockHolder holder, bool exclusive, Func<VaultLock, Task> makeSure, CancellationToken cancellation)
    {
        await LockSurvey.DemandFreeAsync(vault, exclusive, holder.Purpose, own: null, cancellation);
        var now = vault.Time.GetUtcNow();
        var id = await SaveAsync(vault, holder, exclusive, now, now, cancellation);
        var taken = new VaultLock(vault, holder, exclusive, id, now);
        try
        {
            await makeSure(taken);
            return taken;
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whoever took a lock which this one excludes, and did not see this one, is seen here, or has finished.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        await refreshing.WaitAsync(cancellation);
        try
        {
            if (HasBeenInDoubt)
            {
                // Whoever removed it shall see it again before it is looked who else is there.
                await ReplaceAsync(cancellation);
            }

            if (!await LockSurvey.DemandFreeAsync(vault, IsExclusive, holder.Purpose, id, cancellation))
            {
                HasBeenInDoubt = true;
                await ReplaceAsync(cancellation);
                await LockSurvey.DemandFreeAsync(vault, IsExclusive, holder.Purpose, id, cancellation);
            }
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>The caller has <see cref="refreshing"/>.</summary>
    private async Task ReplaceAsync(CancellationToken cancellation)
    {
        var now = vault.Time.GetUtcNow();
        HasBeenInDoubt |= now - refreshed > DoubtAfter;
        var replacement = await SaveAsync(vault, holder, IsExclusive, Began, now, cancellation);
        var old = id;
        (id, refreshed) = (replacement, now);
        await RemoveAsync(old, cancellation);
    }

    private static Task<ObjectId> SaveAsync(
        VaultRepository vault, LockHolder holder, bool exclusive, DateTimeOffset began, DateTimeOffset now, CancellationToken cancellation) =>
        vault.SaveAsync(ObjectKind.Lock, holder.ToLock(exclusive, began, now).Write(), cancellation);

    private async Task RemoveAsync(ObjectId lockId, CancellationToken cancellation)
    {
        try
        {
            await vault.Backend.RemoveAsync(new(ObjectKind.Lock, lockId), cancellation);
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.NotFound or VaultFault.Denied)
        {
            // Somebody took it for stale, or nothing may be removed here: it goes stale by itself.
            HasBeenInDoubt |= problem.Fault == VaultFault.NotFound && !isReleased;
        }
    }

    private async Task RefreshQuietlyAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(RefreshEvery, vault.Time);
            await RefreshAsync(limit.Token);
        }
        catch (Exception problem) when (problem is VaultException or OperationCanceledException or ObjectDisposedException)
        {
            // The next one may succeed; if none does in time the lock is in doubt, which is what the holder asks.
            HasBeenInDoubt |= vault.Time.GetUtcNow() - refreshed > DoubtAfter;
        }
    }
}
