using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>Reads and cuts a stream, and leaves the rest to the other threads.</summary>
internal sealed class StreamWork(Stream stream, byte[] path, Action<ObjectId> whenDone) : BackupWork
{
    internal override void Do(BackupCrew crew, BackupHand hand)
    {
        var name = PathBytes.Name(path).ToArray();
        var root = new FolderUnit([], FolderHandle.None, whenDone) { Device = 0 };
        root.Expect(1, crew, hand);
        root.Opened();
        var unit = new StreamUnit(stream, root, name);
        unit.Expect(1);
        ContentCutting.Cut(unit, 0, unit.Size, shares: true, crew, hand);
        unit.PartDone(crew, hand);
    }
}
