using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>A stream while it is being backed up, as the only file of its folder.</summary>
internal sealed class StreamUnit(Stream stream, FolderUnit folder, byte[] name) : ContentUnit
{
    internal override long Size => long.MaxValue;

    /// <exception cref="VaultException"><see cref="VaultFault.Unavailable"/> where the stream breaks: half of it is no backup.</exception>
    internal override Errno Read(Span<byte> room, int wanted, long offset, out int read)
    {
        try
        {
            read = stream.ReadAtLeast(room[..wanted], wanted, throwOnEndOfStream: false);
            return Errno.None;
        }
        catch (IOException problem)
        {
            throw new VaultException(VaultFault.Unavailable, $"the stream broke off after {Length} bytes", "No snapshot was written.", problem);
        }
    }

    protected override void Finish(BackupCrew crew, BackupHand hand)
    {
        const uint readableFile = 0x81a4;
        var now = GoTime.From(crew.Wanted.Time ?? crew.Vault.Time.GetUtcNow());
        var node = new TreeNode
        {
            Kind = NodeKind.File,
            Mode = GoMode.FromStat(readableFile),
            ModifiedAt = now,
            AccessedAt = now,
            ChangedAt = now,
            UserId = crew.Wanted.UserId,
            GroupId = crew.Wanted.GroupId,
            Size = Length,
        };
        node.SetName(name);
        node.Content.AddRange(Pieces);
        BackupTally.Count(ref crew.Tally.FilesNew);
        Interlocked.Add(ref crew.Tally.Bytes, Length);
        crew.Wanted.Progress.FileDone();
        folder.Finished(0, hand.Write(node), crew, hand);
    }
}
