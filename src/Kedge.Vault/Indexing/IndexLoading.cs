using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>Reads all index files of a vault, several at a time, into one index.</summary>
internal static class IndexLoading
{
    /// <summary>Somebody who tidies the index removes files that were listed a moment ago; nobody does that all the time.</summary>
    private const int MaximumAttempts = 10;

    internal static Task<BlobIndex> LoadAsync(VaultRepository vault, CancellationToken cancellation) => LoadAsync(vault, null, cancellation);

    /// <param name="survey">Where files that cannot be read are noted, and the loading goes on; null to stop at the first.</param>
    internal static async Task<BlobIndex> LoadAsync(VaultRepository vault, IndexSurvey? survey, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryLoadAsync(vault, survey, cancellation);
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.NotFound && attempt < MaximumAttempts)
            {
                // What stood in it stands in another by now: those who remove an index file have written its successor first.
                survey?.Clear();
            }
        }
    }

    private static async Task<BlobIndex> TryLoadAsync(VaultRepository vault, IndexSurvey? survey, CancellationToken cancellation)
    {
        var files = await vault.ListAsync(ObjectKind.Index, cancellation);
        var target = new IndexBuild();
        var readers = Math.Min(Environment.ProcessorCount, vault.Backend.Traits.Connections);
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = readers, CancellationToken = cancellation }, async (file, token) =>
        {
            try
            {
                var json = await vault.LoadAsync(ObjectKind.Index, file.Name.Id, token);
                var packs = new IndexedPacks(target);
                IndexReader.Read(json, packs);
                packs.Flush();
                survey?.Saw(new(file.Name.Id, packs.Count, packs.Repeated, packs.Marks));
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                if (survey is null)
                {
                    throw new VaultException(
                        VaultFault.Damaged, $"{file.Name}: {problem.Message}", "Run 'kedge vault repair index', which makes the index anew from the packs.", problem);
                }

                survey.Failed(file.Name.Id, problem);
            }
        });
        return target.Finish();
    }
}
