using System.Collections.Concurrent;
using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>
/// Changes index files by writing new ones and then removing those that they replace; files in which nothing changes stay
/// as they are. Little of the index is in memory at a time. At any moment, and whenever it is interrupted, everything that
/// shall be found is found.
/// </summary>
internal static class IndexRewriting
{
    /// <summary>A file with fewer blobs is small: each backup leaves one.</summary>
    private const int SmallFile = 5_000;

    /// <summary>So many small files are put up with before they are merged.</summary>
    private const int MaximumSmallFiles = 8;

    /// <returns>The files that were written.</returns>
    internal static async Task<List<ObjectId>> RunAsync(VaultRepository vault, IndexEdit edit, CancellationToken cancellation)
    {
        var replaced = await FindReplacedAsync(vault, edit, cancellation);
        using var filing = new IndexFiling(vault, cancellation);
        foreach (var (file, _) in replaced)
        {
            Read(await vault.LoadAsync(ObjectKind.Index, file, cancellation), file, new IndexFilter(edit, filing.Writer));
            await filing.FlushAsync();
        }

        if (edit.WriteMarks is not null)
        {
            await edit.WriteMarks(filing);
        }

        await filing.FinishAsync();
        // Not before all that stays is written. Old marks go first: a pack shall not look as if it had been out of the index
        // since it was marked, when it is going out of it only now.
        foreach (var (file, _) in replaced.OrderByDescending(r => r.Marks > 0).Where(r => !filing.Written.Contains(r.File)))
        {
            await RemoveAsync(vault, file, cancellation);
        }

        return filing.Written;
    }

    private static async Task<List<(ObjectId File, int Marks)>> FindReplacedAsync(VaultRepository vault, IndexEdit edit, CancellationToken cancellation)
    {
        var changed = new ConcurrentBag<(ObjectId File, int Marks)>();
        var small = new ConcurrentBag<(ObjectId File, int Marks)>();
        var files = await vault.ListAsync(ObjectKind.Index, cancellation);
        var readers = Math.Min(Environment.ProcessorCount, vault.Backend.Traits.Connections);
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = readers, CancellationToken = cancellation }, async (file, token) =>
        {
            var filter = new IndexFilter(edit, target: null);
            Read(await vault.LoadAsync(ObjectKind.Index, file.Name.Id, token), file.Name.Id, filter);
            if (filter.Dropped > 0 || (edit.ReplacesMarks && filter.Marks > 0))
            {
                changed.Add((file.Name.Id, filter.Marks));
            }
            else if (filter.Blobs < SmallFile)
            {
                small.Add((file.Name.Id, filter.Marks));
            }
        });
        return small.Count + changed.Count > MaximumSmallFiles ? [.. changed, .. small] : [.. changed];
    }

    private static void Read(byte[] json, ObjectId file, IndexFilter filter)
    {
        try
        {
            IndexReader.Read(json, filter);
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            throw new VaultException(
                VaultFault.Damaged, $"{new ObjectName(ObjectKind.Index, file)}: {problem.Message}", "Run 'kedge vault repair index', which makes the index anew from the packs.", problem);
        }
    }

    private static async Task RemoveAsync(VaultRepository vault, ObjectId file, CancellationToken cancellation)
    {
        try
        {
            await vault.Backend.RemoveAsync(new(ObjectKind.Index, file), cancellation);
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
        {
            // A retry after a lost answer, or somebody else who tidied up.
        }
    }
}
