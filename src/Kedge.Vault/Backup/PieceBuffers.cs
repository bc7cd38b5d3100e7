using Kedge.Vault.Chunking;

namespace Kedge.Vault.Backup;

/// <summary>A fixed number of buffers for pieces of files on their way from who reads to who compresses.</summary>
internal sealed class PieceBuffers
{
    private const int Count = 12;

    private readonly Lock gate = new();
    private readonly Stack<byte[]> free = new();
    private int made;

    /// <summary>A buffer of <see cref="CutSizes.Maximum"/> bytes of ordinary files; null where all are underway.</summary>
    internal byte[]? TryRent()
    {
        lock (gate)
        {
            if (free.TryPop(out var buffer))
            {
                return buffer;
            }

            return made++ < Count ? GC.AllocateUninitializedArray<byte>(CutSizes.Ordinary.Maximum, pinned: true) : null;
        }
    }

    internal void Return(byte[] buffer)
    {
        lock (gate)
        {
            free.Push(buffer);
        }
    }
}
