using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;

namespace Kedge.Vault.Packing;

/// <summary>
/// What was stored since the last index file. Written out every now and then, so that an interrupted backup finds again
/// what it had stored; less often the longer it takes, so that index files do not become many. Safe for many threads.
/// </summary>
/// <param name="taken">The lock under which packs are stored; null where the storage allows none.</param>
internal sealed class PendingIndex(VaultRepository vault, VaultLock? taken)
{
    private const int MaximumBlobs = 50_000;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Where no lock tells: a pack that waits for longer was stored before a sleep, or an outage of the storage.</summary>
    private static readonly TimeSpan DoubtAfter = 2 * LongestPause;

    private readonly Lock gate = new();
    private readonly Lock writing = new();
    private readonly long began = vault.Time.GetTimestamp();
    private List<(ObjectId Pack, BlobEntry[] Blobs, DateTimeOffset Stored)> packs = [];
    private int blobs;
    private long lastWritten = vault.Time.GetTimestamp();

    /// <summary>All packs that were added, whether they are in an index file yet or not.</summary>
    internal List<ObjectId> Packs { get; } = [];

    /// <summary>Index files written so far.</summary>
    internal List<ObjectId> Written { get; } = [];

    /// <summary>Packs that were stored, and given up by others before they were listed: they stay out of the index.</summary>
    internal int Lost { get; private set; }

    internal void Add(ObjectId pack, BlobEntry[] entries)
    {
        lock (gate)
        {
            packs.Add((pack, entries, vault.Time.GetUtcNow()));
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

    /// <summary>Writes all that is pending; nothing where nothing is. What others may have removed meanwhile is looked for first.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Locked"/> where somebody has the vault alone by now, and so may be
    /// removing what is not listed; what the storage says.</exception>
    internal void Write(CancellationToken cancellation)
    {
        lock (writing)
        {
            List<(ObjectId Pack, BlobEntry[] Blobs, DateTimeOffset Stored)> due;
            lock (gate)
            {
                (due, packs, blobs) = (packs, [], 0);
                lastWritten = vault.Time.GetTimestamp();
            }

            try
            {
                DropLost(due, cancellation);
                foreach (var part in Parts([.. due]))
                {
                    using var writer = new IndexWriter();
                    part.ForEach(p => writer.AddPack(p.Pack, p.Blobs));
                    Written.Add(vault.SaveAsync(ObjectKind.Index, writer.Finish(), cancellation).GetAwaiter().GetResult());
                    due.RemoveRange(0, part.Count);
                }
            }
            catch
            {
                // Whoever writes next has them to write, too: a snapshot may rely on them.
                PutBack(due);
                throw;
            }
        }
    }

    /// <summary>
    /// An index must not list what is gone: whoever backs up next would rely on it. A pack that nobody has listed others take
    /// for the remains of a writer that is dead, once this one's lock is not refreshed any more.
    /// </summary>
    private void DropLost(List<(ObjectId Pack, BlobEntry[] Blobs, DateTimeOffset Stored)> due, CancellationToken cancellation)
    {
        if (!MayBeLost(due))
        {
            return;
        }

        taken?.ConfirmAsync(cancellation).GetAwaiter().GetResult();
        var lost = Reassurance.FindLostAsync(vault, [.. due.Select(p => p.Pack)], cancellation).GetAwaiter().GetResult();
        Lost += due.RemoveAll(p => lost.Contains(p.Pack));
    }

    private bool MayBeLost(List<(ObjectId Pack, BlobEntry[] Blobs, DateTimeOffset Stored)> due)
    {
        if (due.Count == 0 || vault.Backend is DryRunBackend)
        {
            // In a dry run nothing is there that could be looked for.
            return false;
        }

        var longAgo = vault.Time.GetUtcNow() - DoubtAfter;
        return taken?.HasBeenInDoubt ?? due.Exists(p => p.Stored <= longAgo);
    }

    private void PutBack(List<(ObjectId Pack, BlobEntry[] Blobs, DateTimeOffset Stored)> due)
    {
        lock (gate)
        {
            packs.AddRange(due);
            blobs += due.Sum(p => p.Blobs.Length);
        }
    }

    private static IEnumerable<List<(ObjectId Pack, BlobEntry[] Blobs, DateTimeOffset Stored)>> Parts(List<(ObjectId Pack, BlobEntry[] Blobs, DateTimeOffset Stored)> all)
    {
        var part = new List<(ObjectId Pack, BlobEntry[] Blobs, DateTimeOffset Stored)>();
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
