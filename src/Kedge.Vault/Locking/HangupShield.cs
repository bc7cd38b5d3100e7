using System.Runtime.InteropServices;

namespace Kedge.Vault.Locking;

/// <summary>
/// From its first lock on SIGHUP does not end this process: by that signal 'restic unlock' asks whether the holder of a lock
/// lives, and it may ask a moment after the lock was released. Whoever else wants to hear of the signal still does.
/// </summary>
internal static class HangupShield
{
    private static readonly Lazy<PosixSignalRegistration> Registration =
        new(() => PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true));

    internal static void Raise() => _ = Registration.Value;
}
