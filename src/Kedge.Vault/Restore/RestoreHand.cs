using Kedge.Vault.Packing;

namespace Kedge.Vault.Restore;

/// <summary>What one thread of a restore has to itself.</summary>
internal sealed class RestoreHand : IDisposable
{
    internal RestoreHand(RestoreCrew crew)
    {
        Crew = crew;
        Blobs = crew.Vault.OpenReader();
        Folders = new(crew.Target);
    }

    internal RestoreCrew Crew { get; }

    internal BlobReader Blobs { get; }

    internal FolderCache Folders { get; }

    /// <summary>To read stretches of packs, or files of the target, into.</summary>
    internal byte[] Buffer { get; private set; } = GC.AllocateUninitializedArray<byte>(PieceRun.LongestRead, pinned: true);

    internal Memory<byte> BufferOf(int length)
    {
        if (Buffer.Length < length)
        {
            Buffer = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        }

        return Buffer.AsMemory(0, length);
    }

    public void Dispose()
    {
        Folders.Dispose();
        Blobs.Dispose();
    }
}
