using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Recover.Fence;

/// <summary>
/// The exclusive lock and the epoch of each instance on this machine. Every act on a data store runs under its
/// instance's lock, with claim and epoch checked under it, so that a process that was paused and wakes up late does nothing.
/// </summary>
public interface IInstanceGuards
{
    /// <summary>
    /// Takes an instance's lock, waiting until it is free or the token ends (then <see cref="OperationCanceledException"/>).
    /// The lock is the operating system's: it is gone when this process dies, and held while it is paused. Throws
    /// <see cref="Drivers.DriverException"/> where the lock cannot be had or the epoch is there and cannot be read, or is
    /// another instance's or journal's: unknown is not zero.
    /// </summary>
    /// <param name="instance">Whose lock.</param>
    /// <param name="folder">Where lock and epoch are kept; null for the node's state folder.</param>
    Task<IInstanceGuard> AcquireAsync(InstanceId instance, string? folder, CancellationToken cancellation);
}

/// <summary>A held lock. Disposing it gives the lock up.</summary>
public interface IInstanceGuard : IAsyncDisposable
{
    /// <summary>The epoch written beside the data; 0 where none was written yet.</summary>
    long Epoch { get; }

    /// <summary>
    /// Writes the epoch, and which site may be writable under it, beside the data, on stable storage. Throws
    /// <see cref="InvalidOperationException"/> for an epoch lower than <see cref="Epoch"/>: the caller checks first.
    /// </summary>
    Task RaiseEpochAsync(long epoch, SiteName activeSite, CancellationToken cancellation);
}

/// <summary>Makes sure that a process which has lost its claim no longer acts.</summary>
public interface ISleeperKiller
{
    /// <summary>
    /// Kills the node's process if it is on this machine and lives, and returns once it is dead (a zombie is). False
    /// where that cannot be known or done: another machine. A number that was given out again is not killed.
    /// </summary>
    Task<bool> KillAsync(NodeIdentity node, CancellationToken cancellation);

    /// <summary>
    /// Kills a process of Kedge on this machine that a signal has stopped (SIGSTOP), and returns once it is dead. False
    /// where it runs, or is not known to be one of Kedge: neither <paramref name="known"/> nor of the program that runs here.
    /// </summary>
    Task<bool> KillStoppedAsync(int process, NodeIdentity? known, CancellationToken cancellation);

    /// <summary>True only where the process is certainly dead.</summary>
    bool IsDead(NodeIdentity node);
}
