using System.Globalization;
using System.Text.Json;
using Kedge.CommandLine.Rendering.Text;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>Shows it with throughput and the time that is left.</summary>
/// <param name="verb">What happens to the files, as in <c>saved</c>.</param>
/// <param name="atLast">What is still to be done when all files are.</param>
/// <param name="done">How restic names what is done: <c>done</c>, or <c>restored</c>.</param>
internal sealed class FilesView(Func<Progress> look, string verb, string atLast, string done) : IProgressView
{
    private readonly Throughput throughput = new(TimeSpan.Zero);

    public void Draw(Page page, TimeSpan elapsed)
    {
        var now = look();
        throughput.Note(elapsed, now.BytesDone);
        var line = Styled.Accent($"[{Clock(elapsed)}]");
        line += now.Share is { } share ? Styled.Strong($" {Math.Floor(share * 100)}%") : Styled.Empty;
        line += $"  {Of(Number(now.FilesDone), Number(now.FilesFound), now)} files {verb}";
        line += $"  {Of(Figures.Bytes(now.BytesDone), Figures.Bytes(now.BytesFound), now)}";
        line += $"  {Figures.Bytes(throughput.BytesPerSecond)}/s";
        var isRead = now.IsAllFound && now.FilesFound > 0 && now.FilesDone >= now.FilesFound;
        line += isRead ? Styled.Quiet($"  {atLast}") : now.IsAllFound && throughput.TimeFor(now.BytesFound - now.BytesDone) is { } left ? Styled.Quiet($"  {Clock(left)} left") : Styled.Empty;
        page.Add(line);
        if (now.Problems > 0)
        {
            page.Add(Styled.Warning($"{Number(now.Problems)} {(now.Problems == 1 ? "problem" : "problems")} so far"));
        }
    }

    public void Write(Utf8JsonWriter json, TimeSpan elapsed)
    {
        var now = look();
        throughput.Note(elapsed, now.BytesDone);
        json.WriteNumber("seconds_elapsed"u8, (long)elapsed.TotalSeconds);
        if (now.IsAllFound && throughput.TimeFor(now.BytesFound - now.BytesDone) is { } left)
        {
            json.WriteNumber("seconds_remaining"u8, (long)left.TotalSeconds);
        }

        json.WriteNumber("percent_done"u8, Math.Round(now.Share ?? 0, 4));
        json.WriteNumber("total_files"u8, now.FilesFound);
        json.WriteNumber($"files_{done}", now.FilesDone);
        json.WriteNumber("total_bytes"u8, now.BytesFound);
        json.WriteNumber($"bytes_{done}", now.BytesDone);
        json.WriteNumber("error_count"u8, now.Problems);
    }

    public static string Clock(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}";

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 file</c>, <c>2,000 files</c>.</summary>
    public static string Count(long number, string one) => $"{Number(number)} {one}{(number == 1 ? "" : "s")}";

    /// <summary>While more is being found, what was found is no whole of which to be a part.</summary>
    private static string Of(string done, string found, Progress now) => now.IsAllFound ? $"{done} of {found}" : $"{done} of {found} or more";
}
