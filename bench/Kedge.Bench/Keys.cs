using System.Diagnostics;
using Kedge.Vault.Compression;

namespace Kedge.Bench;

/// <summary>Compresses pages of sorted numbers, in pieces as a vault has them, by each way that it might.</summary>
internal static class Keys
{
    private const int PieceSize = 256 << 10;
    private const int Pieces = 200;

    public static Table Measure(int runs)
    {
        var table = new Table("search", "MB/s, one thread", "stored, % of the pages");
        var piece = KeySpecimen.Make().AsSpan(0, PieceSize).ToArray();
        var frame = new byte[Compressor.Bound(PieceSize)];
        using (var compressor = Compressor.AtLevel(1))
        {
            Add(table, "zstd's level 1", runs, () => compressor.Compress(piece, frame));
            compressor.Search = CompressionSearch.OfKeys(1);
            Add(table, "lazy", runs, () => compressor.Compress(piece, frame));
        }

        using var keys = KeyCompressor.TryMake();
        if (keys is not null)
        {
            Add(table, "two distances", runs, () => keys.Compress(piece, frame));
        }

        return table;
    }

    private static void Add(Table table, string search, int runs, Func<int> compress)
    {
        var (times, length) = (new List<TimeSpan>(), 0);
        for (var run = 0; run < runs; run++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var n = 0; n < Pieces; n++)
            {
                length = compress();
            }

            times.Add(Stopwatch.GetElapsedTime(began));
        }

        table.Add(search, $"{PieceSize * (double)Pieces / times.Median().TotalMicroseconds:0}", $"{100.0 * length / PieceSize:0.0}");
    }
}
