using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Vault.Files;

/// <summary>
/// Something in a file system that is open: whatever happens to its name meanwhile, all of this concerns the thing itself.
/// </summary>
/// <remarks>
/// Members may be called from any thread at the same time. What fails is told in the answer, never thrown; only a handle that
/// was disposed throws. The order in which to restore, because each step may undo what another one did: owner, permissions,
/// extended attributes, times.
/// </remarks>
internal abstract unsafe class Descriptor : SafeHandleMinusOneIsInvalid
{
    private protected Descriptor(int number) : base(ownsHandle: true) => SetHandle(number);

    /// <summary>What closing it had to say; some file systems report only there that earlier writes failed.</summary>
    private protected Errno ClosingError { get; private set; }

    /// <summary>What it is and how it stands, by now.</summary>
    internal Errno Status(out FileStatus status)
    {
        byte nothing = 0;
        return LookAt(this, &nothing, LibC.EmptyPathAt, out status);
    }

    /// <param name="permissions">The lower twelve bits of a mode.</param>
    internal virtual Errno SetPermissions(uint permissions) => LibC.Outcome(LibC.fchmod(this, permissions & 0xfff));

    /// <summary>Takes setuid and setgid away from programs, as the system wants it: permissions come after.</summary>
    internal Errno SetOwner(uint userId, uint groupId)
    {
        byte nothing = 0;
        return LibC.Outcome(LibC.fchownat(this, &nothing, userId, groupId, LibC.EmptyPathAt));
    }

    internal Errno SetTimes(FileTime access, FileTime modification)
    {
        var times = stackalloc LibC.TimeSpecification[] { new(access), new(modification) };
        return SetTimes(times);
    }

    /// <summary>Waits until it is on stable storage; of a folder, the names in it.</summary>
    internal Errno Sync()
    {
        Errno error;
        do
        {
            error = LibC.Outcome(LibC.fsync(this));
        }
        while (error == Errno.Interrupted);
        return error;
    }

    /// <summary>Waits until the whole file system that it is on is on stable storage (syncfs(2)): for many files, far less than <see cref="Sync"/> of each.</summary>
    internal Errno SyncFileSystem() => LibC.Outcome(LibC.syncfs(this));

    private protected virtual Errno SetTimes(LibC.TimeSpecification* times) => LibC.Outcome(LibC.futimens(this, times));

    [SkipLocalsInit]
    private protected static Errno LookAt(Descriptor folder, byte* path, int flags, out FileStatus status)
    {
        NativeStatus native;
        var error = LibC.Outcome(LibC.statx(folder, path, flags, NativeStatus.WantedMask, &native));
        status = error == Errno.None ? new(native) : default;
        return error;
    }

    protected override bool ReleaseHandle()
    {
        // Linux has closed it even where it says that it was interrupted (close(2)).
        ClosingError = LibC.Outcome(LibC.close((int)handle));
        return true;
    }
}
