using System.Runtime.InteropServices;

namespace Kedge.Store.Sqlite;

/// <summary>A call to SQLite failed. Inside the store; callers see the <see cref="StoreException"/> made of it.</summary>
/// <param name="code">SQLite's extended result code.</param>
/// <param name="systemError">The operating system's errno behind it, 0 where there is none.</param>
/// <param name="text">SQLite's own text.</param>
internal sealed class SqliteFailure(int code, int systemError, string text) : Exception(text)
{
    private const int NoSpace = 28;
    private const int OverQuota = 122;

    /// <summary>The primary result code.</summary>
    public int Code => code & 0xff;

    /// <summary>No room on the disk, under the quota, or for the index in shared memory.</summary>
    public bool IsFull =>
        Code == SqliteNative.Full
        || code == SqliteNative.IoErrorSharedMemorySize
        || (code == SqliteNative.IoErrorWrite && systemError is NoSpace or OverQuota);

    /// <summary>
    /// Giving up the reserve may help: also where a write failed for a reason that cannot be told any more, because a
    /// quota that is used up looks so.
    /// </summary>
    public bool MayBeFull => IsFull || code == SqliteNative.IoErrorWrite;

    /// <summary>
    /// The kernel could not bring written data to the disk. It may have dropped what it could not write, so that a later
    /// sync succeeds without it: nothing written after this may be called stable.
    /// </summary>
    public bool IsLostSync => code is SqliteNative.IoErrorSync or SqliteNative.IoErrorFolderSync;

    /// <summary>The same for an operator.</summary>
    /// <param name="doing">What failed: <c>append to</c>, <c>read</c> …</param>
    public StoreException For(string doing, string path)
    {
        var cause = systemError == 0 ? Message : $"{Message}: {Marshal.GetPInvokeErrorMessage(systemError)}";
        var holder = Code == SqliteNative.Busy ? WriteLock.HolderOf(path) : null;
        return new StoreException($"cannot {doing} {path}: {cause} (SQLite code {code}). {Remedy(path, holder)}", this) { LockedBy = holder };
    }

    private string Remedy(string path, int? holder) => (IsFull, IsLostSync, Code) switch
    {
        (true, _, _) =>
            $"Free space on the file system of {path}; the store goes on by itself. All that was acknowledged is there.",
        (_, true, _) =>
            "The disk did not take what was written. Check it (dmesg), then start Kedge again; until then this process writes nothing more.",
        (_, _, SqliteNative.Busy) when holder is { } process =>
            $"Process {process} holds it locked (see it with 'ps -o pid,stat,args {process}'): end a sqlite3 or backup that keeps a transaction open, let one that was stopped go on (kill -CONT {process}).",
        (_, _, SqliteNative.Busy) =>
            $"Another process holds it locked: see who with 'fuser {path}' and end a sqlite3 or backup that keeps a transaction open.",
        (_, _, SqliteNative.ReadOnly or SqliteNative.CannotOpen) =>
            "Run as the user who owns the file, and see that the folder exists and can be written by that user.",
        (_, _, SqliteNative.NotADatabase) =>
            "This is not a Kedge store: name another file.",
        (_, _, SqliteNative.Corrupt) =>
            "The file is damaged. Stop Kedge, keep a copy of it with its -wal file, and put a mirror or backup in its place; 'kedge journal verify' says how far it can be trusted.",
        _ => "Check the disk and the permissions of the folder.",
    };
}
