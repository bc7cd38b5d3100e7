using System.Collections.Concurrent;
using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>Reads all index files of a vault, several at a time, into one index.</summary>
internal static class IndexLoading
{
    internal static async Task<BlobIndex> LoadAsync(VaultRepository vault, CancellationToken cancellation)
    {
        var index = new BlobIndex();
        var files = await vault.ListAsync(ObjectKind.Index, cancellation);
        var marks = new ConcurrentBag<(ObjectId Pack, GoTime Time)>();
        using var gate = new SemaphoreSlim(1);
        var readers = Math.Min(Environment.ProcessorCount, vault.Backend.Traits.Connections);
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = readers, CancellationToken = cancellation }, async (file, token) =>
        {
            var json = await vault.LoadAsync(ObjectKind.Index, file.Name.Id, token);
            var sink = new PackBatches(index, gate, marks);
            try
            {
                IndexReader.Read(json, sink);
                sink.Flush();
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                throw new VaultException(
                    VaultFault.Damaged, $"{file.Name}: {problem.Message}", "Run 'kedge vault repair index', which makes the index anew from the packs.", problem);
            }
        });
        foreach (var (pack, time) in marks)
        {
            index.Mark(pack, time);
        }

        index.Seal();
        return index;
    }

    /// <summary>Hands packs to the index in batches, so that readers do not wait for one another at each.</summary>
    private sealed class PackBatches(BlobIndex index, SemaphoreSlim gate, ConcurrentBag<(ObjectId Pack, GoTime Time)> marks) : IIndexSink
    {
        private const int BatchSize = 4096;

        private readonly List<(ObjectId Pack, int End)> packs = [];
        private readonly List<BlobEntry> blobs = [];

        public void BeginPack(ObjectId pack) => packs.Add((pack, 0));

        public void Blob(in BlobEntry blob) => blobs.Add(blob);

        public void EndPack()
        {
            packs[^1] = (packs[^1].Pack, blobs.Count);
            if (blobs.Count >= BatchSize)
            {
                Flush();
            }
        }

        public void BeginMarkedPack(ObjectId pack, GoTime time)
        {
            marks.Add((pack, time));
            BeginPack(pack);
        }

        public void Superseded(ObjectId index)
        {
            // restic no longer writes it, and says of none that it has gone.
        }

        internal void Flush()
        {
            gate.Wait();
            try
            {
                var start = 0;
                foreach (var (pack, end) in packs)
                {
                    index.AddPack(pack, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(blobs)[start..end]);
                    start = end;
                }
            }
            finally
            {
                gate.Release();
            }

            packs.Clear();
            blobs.Clear();
        }
    }
}
