using System.Diagnostics;
using System.Text.Json;

namespace Kedge.Bench;

/// <summary>Plays the demo as a person would, <c>kedge demo --auto</c>, again and again for each disaster.</summary>
internal static class Failovers
{
    public static Table Measure(string program, int runs, bool synchronous, CancellationToken cancellation)
    {
        var table = new Table(
            "disaster", "runs", "all promises kept", "detected, median s", "RTA median s", "RTA p95 s", "RTA worst s",
            "orders acknowledged", "orders missing", "planned way home: silence median s", "worst s", "lost", "writable twice");
        foreach (var disaster in (string[])["kill", "hang", "service"])
        {
            var outcomes = new List<JsonElement>();
            for (var run = 1; run <= runs; run++)
            {
                outcomes.Add(Play(program, disaster, synchronous, cancellation));
                Console.Error.WriteLine($"{disaster} {run}/{runs}: RTA {outcomes[^1].GetProperty("rta")} s, silent on the way home {outcomes[^1].GetProperty("home").GetProperty("silence")} s");
            }

            var rta = outcomes.Select(o => Time(o, "rta")).ToList();
            var silence = outcomes.Select(o => Time(o.GetProperty("home"), "silence")).ToList();
            table.Add(
                disaster, $"{runs}", $"{outcomes.Count(o => o.GetProperty("kept").GetBoolean())}",
                Figures.Seconds(outcomes.Select(o => Time(o, "detected")).Median()),
                Figures.Seconds(rta.Median()), Figures.Seconds(rta.At(0.95)), Figures.Seconds(rta.Max()),
                Figures.Count(outcomes.Sum(o => o.GetProperty("acknowledged").GetInt64())), Figures.Count(outcomes.Sum(o => o.GetProperty("missing").GetInt64())),
                Figures.Seconds(silence.Median()), Figures.Seconds(silence.Max()),
                Figures.Count(outcomes.Sum(o => o.GetProperty("home").GetProperty("lost").GetInt64())),
                Figures.Count(outcomes.Sum(o => o.GetProperty("overlaps").GetInt64())));
        }

        return table;
    }

    private static JsonElement Play(string program, string disaster, bool synchronous, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, ["demo", "--auto", "--json", "--disaster", disaster, .. synchronous ? (string[])["--sync"] : []])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var demo = Process.Start(start)!;
        using var ending = cancellation.Register(() => demo.Kill());
        var story = demo.StandardError.ReadToEndAsync(CancellationToken.None);
        var result = demo.StandardOutput.ReadToEnd();
        demo.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        using var json = JsonDocument.Parse(result);
        return json.RootElement.TryGetProperty("rta", out _)
            ? json.RootElement.Clone()
            : throw new InvalidOperationException($"the demo ended with exit code {demo.ExitCode}: {result}\n{story.Result}");
    }

    private static TimeSpan Time(JsonElement json, string name) => TimeSpan.FromSeconds(json.GetProperty(name).GetDouble());
}
