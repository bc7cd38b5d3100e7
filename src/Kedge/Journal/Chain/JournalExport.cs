using Kedge.Store;

namespace Kedge.Journal.Chain;

/// <summary>
/// Writes a journal as lines of JSON, each byte for byte what was hashed, without the line's end: what
/// <c>sha256sum</c> says of a line is what the next one names as <c>previous</c>. The room's README has the recipe.
/// </summary>
public static class JournalExport
{
    private const int PageSize = 512;

    /// <returns>How many entries were written.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static async Task<long> WriteAsync(IStore store, long after, Stream output, CancellationToken cancellation)
    {
        var written = 0L;
        while (true)
        {
            var page = await store.ReadAsync(after, PageSize, cancellation);
            foreach (var record in page)
            {
                await output.WriteAsync(record.Data, cancellation);
                await output.WriteAsync("\n"u8.ToArray(), cancellation);
                after = record.Position;
                written++;
            }

            if (page.Count < PageSize)
            {
                await output.FlushAsync(cancellation);
                return written;
            }
        }
    }
}
