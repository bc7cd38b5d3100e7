using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>Opens the folder that stands at a snapshot's root: the root of the file system, or the working folder for relative paths.</summary>
internal sealed class RootWork(TargetPlace place, bool isAbsolute, ObjectId? oldTree, Action<ObjectId> whenDone) : BackupWork
{
    internal override void Do(BackupCrew crew, BackupHand hand)
    {
        var path = isAbsolute ? "/"u8.ToArray() : PathBytes.Of(Environment.CurrentDirectory);
        var error = FolderHandle.Open(path, out var handle);
        var status = default(FileStatus);
        error = error == Errno.None ? handle.Status(out status) : error;
        if (error != Errno.None)
        {
            handle.Dispose();
            throw FileSystemError.At(error, "open", path);
        }

        FolderContents.Begin(new(path, handle, whenDone) { Device = status.Device }, place.IsTarget ? null : place.Below, oldTree, crew, hand);
    }
}
