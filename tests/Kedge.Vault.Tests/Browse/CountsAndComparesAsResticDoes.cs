using System.Text;
using System.Text.Json;
using Kedge.Vault.Browse;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Browse;

/// <summary>Statistics and differences of the same snapshots, by a stock restic and by us.</summary>
public sealed class CountsAndComparesAsResticDoes
{
    private static readonly (string Word, StatisticsMode Mode)[] Modes =
    [
        ("restore-size", StatisticsMode.RestoreSize),
        ("files-by-contents", StatisticsMode.FilesByContents),
        ("blobs-per-file", StatisticsMode.BlobsPerFile),
        ("raw-data", StatisticsMode.RawData),
    ];

    /// <summary>What may happen to files.</summary>
    private const string Changes = """
        echo more >> docs/deep/also-large.jpg; echo new > docs/new; mkdir -p more/folder/within; cp photos/zeros more/folder/within/; cp docs/README.TXT more/
        rm -r docs/deep/deeper; rm 'docs/grüße.txt'; mv photos pictures
        rm docs/new; mkdir docs/new; echo x > docs/new/file; chmod 700 docs; rm docs/pipe; echo > docs/pipe; touch -d 2001-01-01 sticky; ln -s nowhere sticky/link
        rm -r pictures; ln -s more pictures; truncate -s 3000000 more/README.TXT
        """;

    [Theory]
    [InlineData("0.14", 1)]
    [InlineData("0.18", 2)]
    public async Task For_snapshots_of_restic_and_of_ours(string version, int format)
    {
        await using var vault = await FolderVault.MadeByResticAsync(version, format);
        var folder = vault.Beside("data");
        await SampleTree.MakeAsync(folder);
        await SampleTree.BackUpByResticAsync(vault, version, folder);
        var theirs = true;
        foreach (var line in Changes.Split('\n'))
        {
            await SampleTree.ChangeAsync(folder, line);
            theirs = !theirs;
            await (theirs ? SampleTree.BackUpByResticAsync(vault, version, folder) : SampleTree.BackUpAsync(vault, folder));
        }

        var snapshots = (await vault.ListAsync()).Snapshots;
        using var restic = vault.Restic(version);
        await CompareStatisticsAsync(vault, restic, version, [snapshots[0]]);
        await CompareStatisticsAsync(vault, restic, version, snapshots);
        for (var at = 0; at < snapshots.Count - 1; at++)
        {
            await CompareDifferencesAsync(vault, restic, version, snapshots[at], snapshots[at + 1], metadata: at % 2 == 1, "");
        }

        await CompareDifferencesAsync(vault, restic, version, snapshots[^1], snapshots[0], metadata: true, "");
        await CompareDifferencesAsync(vault, restic, version, snapshots[0], snapshots[0], metadata: true, "");
        if (version != "0.14")
        {
            await CompareDifferencesAsync(vault, restic, version, snapshots[0], snapshots[2], metadata: false, $"{folder}/docs");
        }
    }

    [Fact]
    public async Task A_file_of_which_nothing_but_the_content_differs_is_marked()
    {
        await using var vault = await FolderVault.MakeAsync();
        var folder = vault.Beside("data");
        await SampleTree.MakeAsync(folder);
        var snapshot = await SampleTree.BackUpAsync(vault, folder);
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        var docs = await TreeLookup.FolderAsync(vault.Vault, index, snapshot.File.Tree, $"{folder}/docs", CancellationToken.None);
        var decayed = Decayed(vault, index, docs);
        index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        var changes = new List<EntryChange>();
        var statistics = await VaultComparison.RunAsync(vault.Vault, index, docs, decayed, new() { Metadata = true }, changes.Add, CancellationToken.None);
        Assert.Equal(("M?", "/readme.txt"), (changes.Single().Modifier, changes.Single().PathText));
        Assert.Equal((1, 1, 1), (statistics.ChangedFiles, statistics.Added.DataBlobs, statistics.Added.TreeBlobs));
    }

    /// <summary>The same folder in which a file has another content of the same length.</summary>
    private static ObjectId Decayed(FolderVault vault, BlobIndex index, ObjectId docs)
    {
        using var session = new BlobSession(vault.Vault, index, 1, null, CancellationToken.None);
        using var writer = new BlobWriter(session);
        using var reader = vault.Vault.OpenReader();
        using var tree = new TreeWriter();
        var entries = new TreeReader(anyOrder: false);
        var node = new TreeNode();
        entries.Begin(reader.Read(index, new(BlobKind.Tree, docs), CancellationToken.None).ToArray());
        while (entries.TryReadNext(node))
        {
            if (node.Name.SequenceEqual("readme.txt"u8))
            {
                node.Content[0] = writer.Store(BlobKind.Data, "jello\n"u8);
                tree.Add(node);
            }
            else
            {
                tree.AddVerbatim(node.Name, entries.RawNode.Span);
            }
        }

        var id = writer.Store(BlobKind.Tree, tree.Finish().Span);
        session.Complete(CancellationToken.None);
        return id;
    }

    private static async Task CompareStatisticsAsync(FolderVault vault, Restic restic, string version, IReadOnlyList<StoredSnapshot> snapshots)
    {
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        foreach (var (word, mode) in Modes)
        {
            if (mode == StatisticsMode.BlobsPerFile && snapshots.Count > 1)
            {
                // restic counts snapshots in no order, which matters here.
                continue;
            }

            using var parsed = JsonDocument.Parse((await restic.RunAsync(["stats", "--no-lock", "--json", "--mode", word, .. snapshots.Select(s => s.Id.ToString())])).Succeeded());
            var theirs = parsed.RootElement;
            var ours = await VaultStatistics.CountAsync(vault.Vault, index, snapshots, mode, CancellationToken.None);
            Assert.Equal(
                (word, Number(theirs, "total_size"), Number(theirs, "total_file_count"), Number(theirs, "total_blob_count")),
                (word, ours.TotalSize, ours.Files, ours.Blobs));
            if (version != "0.14")
            {
                Assert.Equal((snapshots.Count, Number(theirs, "total_uncompressed_size")), (ours.Snapshots, ours.UncompressedSize));
                Assert.Equal(Fraction(theirs, "compression_ratio"), ours.CompressionRatio, 9);
                Assert.Equal(Fraction(theirs, "compression_progress"), ours.CompressionProgress, 9);
                Assert.Equal(Fraction(theirs, "compression_space_saving"), ours.CompressionSpaceSaving, 9);
            }
        }
    }

    private static async Task CompareDifferencesAsync(FolderVault vault, Restic restic, string version, StoredSnapshot before, StoredSnapshot after, bool metadata, string subfolder)
    {
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        var (old, now) = (await TreeAsync(before), await TreeAsync(after));
        var colon = subfolder.Length > 0 ? $":{subfolder}" : "";
        var end = await restic.RunAsync(["diff", "--no-lock", "--json", .. metadata ? new[] { "--metadata" } : [], $"{before.Id}{colon}", $"{after.Id}{colon}"]);
        var lines = end.Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var changes = new List<EntryChange>();
        var statistics = await VaultComparison.RunAsync(vault.Vault, index, old, now, new() { Metadata = metadata }, changes.Add, CancellationToken.None);
        var theirs = lines.Where(l => l.GetProperty("message_type").GetString() == "change").Select(l => $"{l.GetProperty("modifier").GetString()} {l.GetProperty("path").GetString()}").ToList();
        var ours = changes.Select(c => $"{(version == "0.14" ? c.Modifier.Replace("?", "", StringComparison.Ordinal) : c.Modifier)} {Encoding.UTF8.GetString(c.Path.Span)}").ToList();
        // restic takes for changed what we and it have merely cut at other places.
        var cut = theirs.Except(ours).Where(line => line.StartsWith('M') && line.EndsWith("large.jpg", StringComparison.Ordinal)).ToList();
        Assert.Equal(theirs.Except(cut), ours.Where(line => !cut.Exists(c => c[c.IndexOf(' ', StringComparison.Ordinal)..] == line[line.IndexOf(' ', StringComparison.Ordinal)..])));
        var total = lines.Single(l => l.GetProperty("message_type").GetString() == "statistics");
        Assert.Equal(
            (Number(total, "changed_files") - cut.Count, Totals(total.GetProperty("added")), Totals(total.GetProperty("removed")), 0),
            (statistics.ChangedFiles, statistics.Added, statistics.Removed, statistics.MissingBlobs));

        Task<ObjectId> TreeAsync(StoredSnapshot snapshot) => TreeLookup.FolderAsync(vault.Vault, index, snapshot.File.Tree, subfolder, CancellationToken.None);
    }

    private static ChangeTotals Totals(JsonElement totals) => new(
        Number(totals, "files"), Number(totals, "dirs"), Number(totals, "others"), Number(totals, "data_blobs"), Number(totals, "tree_blobs"), Number(totals, "bytes"));

    private static long Number(JsonElement element, string name) => element.TryGetProperty(name, out var number) ? number.GetInt64() : 0;

    private static double Fraction(JsonElement element, string name) => element.TryGetProperty(name, out var number) ? number.GetDouble() : 0;
}
