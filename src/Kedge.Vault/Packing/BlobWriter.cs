using Kedge.Vault.Backup;
using Kedge.Vault.Chunking;
using Kedge.Vault.Compression;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;

namespace Kedge.Vault.Packing;

/// <summary>
/// Hashes, looks up, compresses and seals blobs into the packs of a <see cref="BlobSession"/>. One object belongs to one
/// thread; it allocates nothing a blob once its buffers have grown.
/// </summary>
internal sealed class BlobWriter : IDisposable
{
    /// <summary>Of what is at least this long samples are compressed before the whole is.</summary>
    private const int WorthSampling = 64 << 10;

    private const int SampleSize = 4 << 10;

    private const int LongPiece = 64 << 10;

    private readonly BlobSession session;
    private readonly Sealing sealing;
    private readonly Compressor? compressor;
    private readonly KeyCompressor? forKeys;
    private readonly int level;
    private readonly bool isPlain;
    private byte[] scratch = [];

    internal BlobWriter(BlobSession session)
    {
        this.session = session;
        sealing = new(session.Vault.Key);
        isPlain = session.CompressionLevel == BackupWanted.NoCompression;
        if (session.Vault.Config.Version >= 2)
        {
            level = isPlain ? BackupWanted.DefaultCompressionLevel : session.CompressionLevel;
            compressor = Compressor.AtLevel(level);
            // Higher levels store less still, and take their time.
            forKeys = level is >= 1 and <= 6 ? KeyCompressor.TryMake() : null;
        }
    }

    /// <summary>Stores a blob, unless the vault has it. It is in the vault only when the session has ended well.</summary>
    internal ObjectId Store(BlobKind kind, ReadOnlySpan<byte> content) => Store(kind, content, ContentKind.Ordinary);

    internal ObjectId Store(BlobKind kind, ReadOnlySpan<byte> content, ContentKind holds)
    {
        var name = new BlobName(kind, ObjectId.Of(content));
        Store(name, content, holds);
        return name.Id;
    }

    /// <summary>The same for a blob whose name is known to be right.</summary>
    /// <returns>Whether it was new.</returns>
    internal bool Store(in BlobName name, ReadOnlySpan<byte> content, ContentKind holds)
    {
        if (!session.TryClaim(name))
        {
            return false;
        }

        var compressed = isPlain && name.Kind == BlobKind.Data ? 0 : Compress(content, holds);
        var payload = compressed > 0 ? compressed : content.Length;
        var needed = payload + Sealing.Overhead;
        if (compressed == 0)
        {
            Grow(needed);
            sealing.Seal(content, scratch.AsSpan(0, needed));
        }
        else
        {
            sealing.Seal(scratch.AsSpan(Sealing.NonceSize, payload), scratch.AsSpan(0, needed));
        }

        session.Add(name, scratch.AsSpan(0, needed), compressed > 0 ? (uint)content.Length : 0, content.Length);
        return true;
    }

    public void Dispose()
    {
        sealing.Dispose();
        compressor?.Dispose();
        forKeys?.Dispose();
    }

    /// <summary>Compresses to where it will be sealed in place. 0 where that gains nothing.</summary>
    private int Compress(ReadOnlySpan<byte> content, ContentKind holds)
    {
        if (compressor is null || content.IsEmpty || !IsCompressible(content))
        {
            return 0;
        }

        // A header entry of a compressed blob is four bytes longer.
        Grow(content.Length + Sealing.Overhead);
        var frame = scratch.AsSpan(Sealing.NonceSize, Math.Max(0, content.Length - 5));
        if (holds == ContentKind.Keys && forKeys is not null && KeyCompressor.Suits(content))
        {
            return forKeys.Compress(content, frame);
        }

        compressor.Search = holds switch
        {
            ContentKind.Rows => CompressionSearch.OfRows(level),
            ContentKind.Keys => CompressionSearch.OfKeys(level),
            _ => content.Length < LongPiece ? CompressionSearch.AtLevel(level) : CompressionSearch.OfLongPieces(level),
        };
        return compressor.Compress(content, frame);
    }

    private bool IsCompressible(ReadOnlySpan<byte> content)
    {
        if (content.Length < WorthSampling)
        {
            return true;
        }

        Grow(2 * SampleSize);
        compressor!.Search = CompressionSearch.OfSample;
        var limit = SampleSize - (SampleSize / 32);
        for (var sample = 1; sample <= 3; sample++)
        {
            var start = (content.Length - SampleSize) / 4 * sample;
            if (compressor.Compress(content.Slice(start, SampleSize), scratch.AsSpan(0, limit)) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Grow(int length)
    {
        if (scratch.Length < length)
        {
            // Pieces of ordinary files come in all sizes up to one: it does not pay to follow them step by step.
            var usual = CutSizes.Ordinary.Maximum + Sealing.Overhead;
            scratch = GC.AllocateUninitializedArray<byte>(length > WorthSampling && length <= usual ? usual : length + (length / 4), pinned: true);
        }
    }
}
