using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>Opens a folder below another and puts its entries on the stack.</summary>
/// <param name="place">What a person asked for at or below this folder; null in the midst of what is wanted whole.</param>
internal sealed class FolderWork(FolderUnit above, int indexAbove, byte[] name, TargetPlace? place, ObjectId? oldTree) : BackupWork
{
    private bool IsOnTheWay => place is { IsTarget: false };

    internal override void Do(BackupCrew crew, BackupHand hand)
    {
        // On the way to what was asked for a person's symbolic links are followed; below it none is.
        var error = IsOnTheWay ? FolderHandle.Open(above.PathOf(name), out var handle) : above.Handle.OpenFolder(name, out handle);
        above.Opened();
        var status = default(FileStatus);
        error = error == Errno.None ? handle.Status(out status) : error;
        if (error != Errno.None)
        {
            handle.Dispose();
            crew.Tell(above.PathOf(name), $"cannot open the folder: {error.Words()}", isLost: true);
            above.Finished(indexAbove, null, crew, hand);
            return;
        }

        var unit = new FolderUnit(above, indexAbove, name, handle, hand.NodeOf(above, name, status, handle)) { Device = status.Device, OldTree = oldTree };
        if (crew.Wanted.OneFileSystem && place is null && status.Device != above.Device)
        {
            // A mount point stays in the snapshot as an empty folder.
            unit.Expect(0, crew, hand);
            return;
        }

        FolderContents.Begin(unit, IsOnTheWay ? place!.Below : null, crew, hand);
    }
}
