using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Browse;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault stats</c>: how much the snapshots hold.</summary>
internal static class VaultStatsVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string[]>("SNAPSHOT") { Description = "These; latest for the newest. Default: all that the options let through.", Arity = ArgumentArity.ZeroOrMore };
        var mode = new Option<string>("--mode")
        {
            Description = "restore-size: what a restore of each would write; files-by-contents: different files; blobs-per-file: their pieces; raw-data: what it takes in the vault.",
            HelpName = "MODE",
            DefaultValueFactory = _ => "restore-size",
        };
        mode.AcceptOnlyFromAmong("restore-size", "files-by-contents", "blobs-per-file", "raw-data");
        var filter = new SnapshotOptions("Only snapshots");
        var verb = new Verb("stats", "Count what snapshots hold.")
        {
            Group = "Look",
            Examples = [new("kedge vault stats latest", "How much would a restore write?"), new("kedge vault stats --mode raw-data", "How much does all of it take?")],
            Exits = VaultExits.OfOpening,
        };
        verb.Arguments.Add(which);
        verb.Options.Add(mode);
        filter.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var list = await filter.ManyAsync(call, vault, call.Get(which)!, cancellation);
            var index = await vault.LoadIndexAsync(cancellation);
            var counted = call.Get(mode) switch
            {
                "files-by-contents" => StatisticsMode.FilesByContents,
                "blobs-per-file" => StatisticsMode.BlobsPerFile,
                "raw-data" => StatisticsMode.RawData,
                _ => StatisticsMode.RestoreSize,
            };
            Show(call, await VaultStatistics.CountAsync(vault, index, [.. list.Snapshots], counted, cancellation), counted);
            return ExitCodes.Fine;
        });
    }

    private static void Show(VaultCall call, SnapshotStatistics sum, StatisticsMode mode)
    {
        var page = new Page(call.Output.Width);
        page.Add($"snapshots    {FilesView.Number(sum.Snapshots)}");
        page.Add($"size         {Figures.Bytes(sum.TotalSize)} ({FilesView.Number(sum.TotalSize)} bytes)");
        if (sum.Files > 0)
        {
            page.Add($"{(mode == StatisticsMode.RestoreSize ? "entries" : "files")}      {(mode == StatisticsMode.RestoreSize ? "" : "  ")}{FilesView.Number(sum.Files)}");
        }

        if (sum.Blobs > 0)
        {
            page.Add($"blobs        {FilesView.Number(sum.Blobs)}");
        }

        if (sum.UncompressedSize > 0)
        {
            page.Add($"uncompressed {Figures.Bytes(sum.UncompressedSize)}, so that {sum.CompressionSpaceSaving:0.0}% are saved");
        }

        call.Output.Show(page);
        call.Output.Document(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total_size"u8, sum.TotalSize);
            json.WriteNumber("total_file_count"u8, sum.Files);
            json.WriteNumber("total_blob_count"u8, sum.Blobs);
            json.WriteNumber("snapshots_count"u8, sum.Snapshots);
            if (sum.UncompressedSize > 0)
            {
                json.WriteNumber("total_uncompressed_size"u8, sum.UncompressedSize);
                json.WriteNumber("compression_ratio"u8, sum.CompressionRatio);
                json.WriteNumber("compression_progress"u8, sum.CompressionProgress);
                json.WriteNumber("compression_space_saving"u8, sum.CompressionSpaceSaving);
            }

            json.WriteEndObject();
        });
    }
}
