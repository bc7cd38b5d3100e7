using System.Diagnostics;
using System.Runtime.InteropServices;
using Kedge.Vault;
using Kedge.Vault.Backends;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;

namespace Kedge.Bench;

/// <summary>Loads indexes of growing size from a vault that has nothing but its index: time, memory a blob, look-ups.</summary>
internal static class BigIndex
{
    private const int BlobsInFile = 50_000;
    private const int BlobsInPack = 40;
    private const int LookUps = 2_000_000;

    public static Table Measure(int runs, CancellationToken cancellation)
    {
        var table = new Table(
            "blobs", "index files", "load, s", "blobs a second", "of the index, bytes a blob", "of the process, MiB", "look-ups a second, one thread", "misses a second");
        foreach (var blobs in (int[])[1_000_000, 10_000_000, 30_000_000])
        {
            var folder = Directory.CreateTempSubdirectory("kedge-index-").FullName;
            try
            {
                MeasureOneAsync(table, folder, blobs, runs, cancellation).GetAwaiter().GetResult();
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return table;
    }

    private static async Task MeasureOneAsync(Table table, string folder, int blobs, int runs, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var backend = VaultLocation.Parse(folder).Open(new BackendOptions(), time);
        await using var vault = await VaultRepository.InitAsync(
            backend,
            new() { Password = "bench".AsMemory(), Owner = new(GoTime.From(time.GetUtcNow()), "bench", "bench"), Cost = new ScryptCost(1 << 10, 8, 1) },
            time,
            cancellation);
        for (var first = 0; first < blobs; first += BlobsInFile)
        {
            await vault.SaveAsync(ObjectKind.Index, IndexFile(first), cancellation);
        }

        var (times, found, missed) = (new List<TimeSpan>(), new List<double>(), new List<double>());
        var (bytes, process) = (0L, 0L);
        for (var run = 0; run < runs; run++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            var began = Stopwatch.GetTimestamp();
            var index = await vault.LoadIndexAsync(cancellation);
            times.Add(Stopwatch.GetElapsedTime(began));
            (bytes, process) = (index.MemoryBytes, Process.GetCurrentProcess().PeakWorkingSet64);
            found.Add(Rate(i => index.Contains(new(BlobKind.Data, IdOf(i % blobs)))));
            missed.Add(Rate(i => index.Contains(new(BlobKind.Data, IdOf((long)blobs + i)))));
        }

        table.Add(
            Figures.Count(blobs), Figures.Count(blobs / BlobsInFile), $"{times.Median().TotalSeconds:0.0}", $"{blobs / times.Median().TotalSeconds / 1e6:0.0} million",
            $"{bytes / (double)blobs:0.0}", Figures.Count(process >> 20), $"{Middle(found) / 1e6:0.0} million", $"{Middle(missed) / 1e6:0.0} million");
    }

    private static double Middle(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    private static double Rate(Func<int, bool> lookUp)
    {
        var began = Stopwatch.GetTimestamp();
        var hits = 0;
        for (var i = 0; i < LookUps; i++)
        {
            // Far apart, as the blobs of a backup are.
            hits += lookUp((int)(i * 2_654_435_761L % int.MaxValue)) ? 1 : 0;
        }

        GC.KeepAlive(hits);
        return LookUps / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static byte[] IndexFile(int first)
    {
        using var writer = new IndexWriter();
        for (var pack = first; pack < first + BlobsInFile; pack += BlobsInPack)
        {
            writer.BeginPack(IdOf(-pack - 1));
            for (var blob = 0; blob < BlobsInPack; blob++)
            {
                writer.Blob(new(new(BlobKind.Data, IdOf(pack + blob)), (uint)(blob * 401_231), 401_231, 1_048_576));
            }

            writer.EndPack();
        }

        return writer.Finish();
    }

    /// <summary>As good as random, and the same in each run (D. Lea and others' SplitMix64).</summary>
    private static ObjectId IdOf(long number)
    {
        Span<ulong> words = stackalloc ulong[4];
        var state = (ulong)number * 0x9e3779b97f4a7c15;
        for (var i = 0; i < words.Length; i++)
        {
            var mixed = state += 0x9e3779b97f4a7c15;
            mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
            words[i] = mixed ^ (mixed >> 31);
        }

        return new(MemoryMarshal.AsBytes(words));
    }
}
