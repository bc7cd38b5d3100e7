using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Locking;

namespace Kedge.Vault.Packing;

/// <summary>
/// Everything that one operation adds to a vault. What is stored is on stable storage and in an index once
/// <see cref="Complete"/> has returned; only then may anything refer to it.
/// </summary>
internal sealed class BlobSession : IDisposable
{
    private readonly BlobIndex known;
    private readonly ClaimedBlobs claimed = new();
    private readonly PendingIndex pending;
    private readonly PackUploads uploads;
    private readonly PackFiller data;
    private readonly PackFiller trees;
    private readonly RelianceMap reliance;
    private long newDataBlobs;
    private long newTreeBlobs;
    private long newBytes;

    /// <param name="known">What the vault has. Packs that are marked for removal are not relied on.</param>
    /// <param name="compressionLevel">Of zstd, -5 to 19.</param>
    /// <param name="taken">The lock under which it stores; null where the storage allows none.</param>
    internal BlobSession(VaultRepository vault, BlobIndex known, int compressionLevel, VaultLock? taken, CancellationToken cancellation)
    {
        Vault = vault;
        this.known = known;
        CompressionLevel = compressionLevel;
        reliance = new(known.PackCount);
        pending = new(vault, taken);
        uploads = new(vault, pending, cancellation);
        data = new(uploads);
        trees = new(uploads);
    }

    internal VaultRepository Vault { get; }

    internal int CompressionLevel { get; }

    internal long NewDataBlobs => Interlocked.Read(ref newDataBlobs);

    internal long NewTreeBlobs => Interlocked.Read(ref newTreeBlobs);

    /// <summary>Bytes of plain content that were new.</summary>
    internal long NewBytes => Interlocked.Read(ref newBytes);

    /// <summary>Bytes that were stored for them.</summary>
    internal long StoredBytes => uploads.BytesStored;

    /// <summary>Which packs of the index what is being written relies on.</summary>
    internal RelianceMap Reliance => reliance;

    /// <summary>Packs that this session has stored.</summary>
    internal IEnumerable<ObjectId> StoredPacks => pending.Packs;

    internal bool HasFailed => uploads.HasFailed;

    /// <summary>Index files that this session has written.</summary>
    internal IReadOnlyList<ObjectId> IndexFiles => pending.Written;

    /// <summary>Called once the storage has failed: nothing more can be stored.</summary>
    internal event Action? Failed
    {
        add => uploads.Failed += value;
        remove => uploads.Failed -= value;
    }

    /// <summary>Whether the vault has a blob, or will have it when this session ends well. Relied on from then on.</summary>
    internal bool Has(in BlobName name) => IsKnown(name) || claimed.Contains(name);

    /// <summary>True where the caller has to store the blob; for exactly one caller a blob.</summary>
    internal bool TryClaim(in BlobName name) => !IsKnown(name) && claimed.TryClaim(name);

    internal void Add(in BlobName name, ReadOnlySpan<byte> sealedBlob, uint plainLength, int contentLength)
    {
        Interlocked.Increment(ref name.Kind == BlobKind.Tree ? ref newTreeBlobs : ref newDataBlobs);
        Interlocked.Add(ref newBytes, contentLength);
        (name.Kind == BlobKind.Tree ? trees : data).Add(name, sealedBlob, plainLength);
    }

    /// <summary>Stores all that is open, and lists it in the index.</summary>
    /// <exception cref="VaultException">The storage failed, or somebody has given up what was stored while no lock kept it; what
    /// is still there is kept for the next attempt.</exception>
    internal void Complete(CancellationToken cancellation)
    {
        data.Flush();
        trees.Flush();
        uploads.Drain();
        pending.Write(cancellation);
        if (pending.Lost > 0)
        {
            throw Reassurance.Refusal(pending.Lost);
        }
    }

    /// <summary>After an interruption: lists what is stored, or on its way, so that the next attempt need not store it again.</summary>
    internal void KeepWhatIsStored(CancellationToken cancellation)
    {
        uploads.Dispose();
        pending.Write(cancellation);
    }

    public void Dispose() => uploads.Dispose();

    private bool IsKnown(in BlobName name)
    {
        var position = known.Find(name);
        if (position < 0)
        {
            return false;
        }

        var pack = known.PackNumberAt(position);
        if (known.MarkedPacks.ContainsKey(pack))
        {
            pack = known.FindUnmarked(name);
            if (pack < 0)
            {
                return false;
            }
        }

        reliance.Note(pack);
        return true;
    }
}
