using Kedge.Vault.Threads;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>Reads packs: whole, or their headers.</summary>
internal static class PackReading
{
    /// <summary>No pack is longer (blobs end below 2 GiB); what is, is not read.</summary>
    private const long LongestPack = (2L << 30) - 64;

    /// <summary>Verifies these packs byte for byte.</summary>
    /// <param name="packs">Numbers of packs that are there.</param>
    internal static async Task ReadAsync(CheckRun run, IReadOnlyList<int> packs, CancellationToken cancellation)
    {
        run.Wanted.Progress.Begin(UpkeepStage.ReadingPacks, packs.Count, packs.Sum(run.Packs.LengthOf));
        var spans = packs.Where(p => run.Packs.LengthOf(p) is > 0 and <= LongestPack).Select(p => Whole(run, p));
        await PackFeed.RunAsync(run.Vault, spans, () => new PackVerifier(run, cancellation), cancellation);
        foreach (var pack in packs.Where(p => run.Packs.LengthOf(p) is 0 or > LongestPack))
        {
            // Its length was told already.
            var (position, end) = run.Index.RangeOf(pack);
            for (; position < end; position++)
            {
                run.FoundBad(position, $"stands in a pack of {run.Packs.LengthOf(pack)} bytes");
            }
        }
    }

    /// <summary>Holds the headers of these packs against the index.</summary>
    /// <returns>The packs in which something is wrong.</returns>
    internal static async Task<List<int>> ReadHeadersAsync(CheckRun run, IReadOnlyList<int> packs, CancellationToken cancellation)
    {
        var wrong = new List<int>();
        var (next, isStopped) = (-1, false);
        run.Wanted.Progress.Begin(UpkeepStage.ReadingHeaders, packs.Count);
        await Crew.RunAsync("headers", TreeWalk.ThreadsFor(run.Vault), Read, () => Volatile.Write(ref isStopped, true), cancellation);
        return wrong;

        void Read()
        {
            using var reader = new HeaderReader(run.Vault);
            while (!Volatile.Read(ref isStopped) && Interlocked.Increment(ref next) is var at && at < packs.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!IsRight(run, packs[at], reader, cancellation))
                {
                    lock (wrong)
                    {
                        wrong.Add(packs[at]);
                    }
                }

                run.Wanted.Progress.Step();
            }
        }
    }

    private static bool IsRight(CheckRun run, int pack, HeaderReader reader, CancellationToken cancellation)
    {
        try
        {
            return HeaderComparison.Differs(run.Index, pack, reader.Read(run.Index.PackIdOf(pack), run.Packs.LengthOf(pack), cancellation)) is null;
        }
        catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
        {
            // It is read whole next, which says more.
            return false;
        }
    }

    private static PackSpan Whole(CheckRun run, int pack)
    {
        var (first, end) = run.Index.RangeOf(pack);
        return new(pack, run.Index.PackIdOf(pack), 0, (int)run.Packs.LengthOf(pack), [.. Enumerable.Range(first, end - first).Where(run.Index.IsBlob)]);
    }
}
