using Kedge.Vault.Format;

namespace Kedge.Vault.Packing;

/// <summary>
/// What was stored since the last index file. Written out every now and then, so that an interrupted backup finds again
/// what it had stored; less often the longer it takes, so that index files do not become many. Safe for many threads.
/// </summary>
internal sealed class PendingIndex(VaultRepository vault)
{
    private const int MaximumBlobs = 50_000;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Lock writing = new();
    private readonly long began = vault.Time.GetTimestamp();
    private List<(ObjectId Pack, BlobEntry[] Blobs)> packs = [];
    private int blobs;
    private long lastWritten = vault.Time.GetTimestamp();

    /// <summary>All packs that were added, whether they are in an index file yet or not.</summary>
    internal List<ObjectId> Packs { get; } = [];

    /// <summary>Index files written so far.</summary>
    internal List<ObjectId> Written { get; } = [];

    internal void Add(ObjectId pack, BlobEntry[] entries)
    {
        lock (gate)
        {
            packs.Add((pack, entries));
            Packs.Add(pack);
            blobs += entries.Length;
        }
    }

    /// <summary>Writes an index file where there is reason to.</summary>
    internal void WriteIfDue(CancellationToken cancellation)
    {
        var pause = vault.Time.GetElapsedTime(began) / 10;
        pause = pause < ShortestPause ? ShortestPause : pause > LongestPause ? LongestPause : pause;
        if (blobs >= MaximumBlobs || vault.Time.GetElapsedTime(lastWritten) >= pause)
        {
            Write(cancellation);
        }
    }

    /// <summary>Writes all that is pending; nothing where nothing is.</summary>
    internal void Write(CancellationToken cancellation)
    {
        lock (writing)
        {
            List<(ObjectId Pack, BlobEntry[] Blobs)> taken;
            lock (gate)
            {
                (taken, packs, blobs) = (packs, [], 0);
                lastWritten = vault.Time.GetTimestamp();
            }

            try
            {
                foreach (var part in Parts([.. taken]))
                {
                    using var writer = new IndexWriter();
                    part.ForEach(p => writer.AddPack(p.Pack, p.Blobs));
                    Written.Add(vault.SaveAsync(ObjectKind.Index, writer.Finish(), cancellation).GetAwaiter().GetResult());
                    taken.RemoveRange(0, part.Count);
                }
            }
            catch
            {
                // Whoever writes next has them to write, too: a snapshot may rely on them.
                PutBack(taken);
                throw;
            }
        }
    }

    private void PutBack(List<(ObjectId Pack, BlobEntry[] Blobs)> taken)
    {
        lock (gate)
        {
            packs.AddRange(taken);
            blobs += taken.Sum(p => p.Blobs.Length);
        }
    }

    private static IEnumerable<List<(ObjectId Pack, BlobEntry[] Blobs)>> Parts(List<(ObjectId Pack, BlobEntry[] Blobs)> all)
    {
        var part = new List<(ObjectId Pack, BlobEntry[] Blobs)>();
        var count = 0;
        foreach (var pack in all)
        {
            part.Add(pack);
            count += pack.Blobs.Length;
            if (count >= MaximumBlobs)
            {
                yield return part;
                (part, count) = ([], 0);
            }
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }
}
