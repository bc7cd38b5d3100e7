using Kedge.Store;

namespace Kedge.Journal.Chain;

/// <summary>
/// Reads a whole journal and says what was changed in it. It looks at the chain alone, not at what the events mean, so
/// that it verifies journals of newer versions too. A chain does not show a cut-off tail by itself: give it the heads
/// that were kept elsewhere.
/// </summary>
public static class JournalVerification
{
    private const int PageSize = 512;

    /// <summary>More faults than these say nothing new.</summary>
    private const int MostFaults = 100;

    /// <param name="heads">Positions and hashes remembered elsewhere: the head file, run reports, mirrors.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static async Task<VerifiedJournal> VerifyAsync(
        IStore store, IReadOnlyList<RememberedHead> heads, CancellationToken cancellation)
    {
        var walk = new ChainWalk(heads.Select(h => h.Head.Position));
        var position = 0L;
        while (true)
        {
            var page = await store.ReadAsync(position, PageSize, cancellation);
            foreach (var record in page)
            {
                walk.Take(record);
                position = record.Position;
            }

            if (page.Count < PageSize)
            {
                break;
            }
        }

        walk.End();
        var faults = walk.Faults.Concat(Compare(walk, heads)).OrderBy(f => f.Position).ToList();
        return new VerifiedJournal(walk.Entries, walk.Head, walk.Journal, [.. faults.Take(MostFaults)]);
    }

    private static IEnumerable<ChainFault> Compare(ChainWalk walk, IReadOnlyList<RememberedHead> heads)
    {
        var agreeing = heads
            .Where(h => walk.HashAt(h.Head.Position) == h.Head.Hash)
            .OrderByDescending(h => h.Head.Position)
            .FirstOrDefault();
        var upTo = agreeing is null
            ? "No remembered head agrees with this journal: it may be another one, put in its place."
            : $"Entries 1 to {agreeing.Head.Position} are those that {agreeing.Where} remembers.";
        foreach (var remembered in heads)
        {
            var (position, hash) = (remembered.Head.Position, remembered.Head.Hash);
            if (position > walk.Head.Position)
            {
                yield return new ChainFault(
                    ChainFaultKind.CutOff,
                    walk.Head.Position + 1,
                    $"the journal ends at entry {walk.Head.Position}, but {remembered.Where} remembers entry {position}: {Entries(walk.Head.Position + 1, position)} missing. {upTo}");
            }
            else if (position > 0 && walk.HashAt(position) is { } found && found != hash)
            {
                yield return new ChainFault(
                    agreeing is null ? ChainFaultKind.Replaced : ChainFaultKind.Changed,
                    position,
                    $"entry {position} is not the one that {remembered.Where} remembers: it, or entries before it, were written anew. {upTo}");
            }
        }
    }

    private static string Entries(long first, long last) => first == last ? $"entry {first} is" : $"entries {first} to {last} are";
}

/// <summary>A head that was kept apart from the journal.</summary>
/// <param name="Where">For the operator: <c>the head file</c>, <c>the report of run-7</c>.</param>
public sealed record RememberedHead(string Where, JournalHead Head);

/// <summary>What a verification found.</summary>
/// <param name="Entries">How many entries were read.</param>
/// <param name="Head">The newest of them.</param>
/// <param name="Journal">Name of the journal, from its first entry; null where that is not there or cannot be read.</param>
/// <param name="Faults">In the order of positions; the first is the first entry that is known to be wrong.</param>
public sealed record VerifiedJournal(long Entries, JournalHead Head, string? Journal, IReadOnlyList<ChainFault> Faults)
{
    public bool Holds => Faults.Count == 0;
}

/// <summary>One thing wrong with a journal.</summary>
/// <param name="Position">The entry that was changed, or the first that is missing or out of place.</param>
public sealed record ChainFault(ChainFaultKind Kind, long Position, string What);

/// <summary>Kinds of <see cref="ChainFault"/>.</summary>
public enum ChainFaultKind
{
    /// <summary>An entry is not the one that was written.</summary>
    Changed,

    /// <summary>Entries are gone from the middle.</summary>
    Missing,

    /// <summary>An entry stands in the place of another.</summary>
    Reordered,

    /// <summary>Entries are gone from the end.</summary>
    CutOff,

    /// <summary>None of the heads kept elsewhere belongs to this journal.</summary>
    Replaced,
}
