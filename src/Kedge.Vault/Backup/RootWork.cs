using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>Opens the folder that stands at a snapshot's root: the root of the file system, or where relative paths begin.</summary>
internal sealed class RootWork(TargetPlace place, ObjectId? oldTree, Action<ObjectId> whenDone) : BackupWork
{
    internal override void Do(BackupCrew crew, BackupHand hand)
    {
        var path = place.Name;
        var error = FolderHandle.Open(path, out var handle);
        var status = default(FileStatus);
        error = error == Errno.None ? handle.Status(out status) : error;
        if (error != Errno.None)
        {
            handle.Dispose();
            throw FileSystemError.At(error, "open", path);
        }

        FolderContents.Begin(new(path, handle, whenDone) { Device = status.Device, OldTree = oldTree }, place.IsTarget ? null : place.Below, crew, hand);
    }
}
