using System.Text.Json;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Vault.Upkeep;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>How far a check, repair, copy or prune is.</summary>
internal sealed class UpkeepView(UpkeepProgress progress) : IProgressView
{
    private Throughput throughput = new(TimeSpan.Zero);
    private UpkeepStage stage;

    public void Draw(Page page, TimeSpan elapsed)
    {
        Note(elapsed);
        var line = Styled.Accent($"[{FilesView.Clock(elapsed)}]") + $" {Words(stage)}";
        if (progress.Total > 0)
        {
            line += Styled.Strong($"  {Math.Floor(100.0 * Math.Min(1, (double)progress.Done / progress.Total))}%") + $"  {FilesView.Number(progress.Done)} of {FilesView.Number(progress.Total)}";
        }
        else if (progress.Done > 0)
        {
            line += $"  {FilesView.Number(progress.Done)}";
        }

        if (progress.BytesDone > 0)
        {
            line += $"  {Figures.Bytes(progress.BytesDone)}{(progress.BytesTotal > 0 ? $" of {Figures.Bytes(progress.BytesTotal)}" : "")}  {Figures.Bytes(throughput.BytesPerSecond)}/s";
            line += progress.BytesTotal > 0 && throughput.TimeFor(progress.BytesTotal - progress.BytesDone) is { } left ? Styled.Quiet($"  {FilesView.Clock(left)} left") : Styled.Empty;
        }

        page.Add(line);
        if (progress.Problems > 0)
        {
            page.Add(Styled.Warning($"{FilesView.Number(progress.Problems)} {(progress.Problems == 1 ? "problem" : "problems")} so far"));
        }
    }

    public void Write(Utf8JsonWriter json, TimeSpan elapsed)
    {
        Note(elapsed);
        json.WriteNumber("seconds_elapsed"u8, (long)elapsed.TotalSeconds);
        json.WriteString("stage"u8, Words(stage));
        json.WriteNumber("done"u8, progress.Done);
        json.WriteNumber("total"u8, progress.Total);
        json.WriteNumber("bytes_done"u8, progress.BytesDone);
        json.WriteNumber("total_bytes"u8, progress.BytesTotal);
        json.WriteNumber("error_count"u8, progress.Problems);
    }

    private static string Words(UpkeepStage stage) => stage switch
    {
        UpkeepStage.Loading => "reading the index",
        UpkeepStage.WalkingTrees => "reading folders",
        UpkeepStage.ReadingHeaders => "reading the headers of packs",
        UpkeepStage.ReadingPacks => "reading packs",
        UpkeepStage.TracingDamage => "looking what is hit",
        UpkeepStage.CopyingBlobs => "copying",
        UpkeepStage.WritingSnapshots => "writing snapshots",
        UpkeepStage.WritingIndex => "writing the index",
        UpkeepStage.Removing => "removing",
        _ => "beginning",
    };

    private void Note(TimeSpan elapsed)
    {
        if (progress.Stage != stage)
        {
            (stage, throughput) = (progress.Stage, new(elapsed));
        }

        throughput.Note(elapsed, progress.BytesDone);
    }
}
