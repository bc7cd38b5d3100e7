using Spectre.Console.Rendering;

namespace Kedge.Demo.Story;

/// <summary>What was achieved, against what was demanded.</summary>
internal static class OutcomePages
{
    private const int Indent = 2;

    /// <summary>Each objective beside what was achieved, with the evidence.</summary>
    public static IRenderable Objectives(IReadOnlyList<ObjectiveFacts> objectives) => new StoryPage(space =>
    {
        var name = objectives.Max(o => o.Name.Length) + 2;
        return objectives.SelectMany(o =>
        {
            var line = new StoryLine().To(Indent).Cell(o.Name, name)
                .Cell(o.Achieved is { } achieved ? Spans.Show(achieved) : "unknown", 9, o.Met ? Tone.Good : Tone.Bad, right: true)
                .Add("  of at most ", Tone.Quiet).Cell(Spans.ShowRound(o.Objective), 7)
                .Add(o.Met ? "met     " : "missed  ", o.Met ? Tone.Good : Tone.Bad);
            var remark = OpeningPages.Wrap(o.Remark, Math.Max(space.Width - line.Length - Indent, 20)).ToList();
            var column = line.Length;
            return remark.Select((text, i) => i == 0 ? line.Add(text, Tone.Quiet) : new StoryLine().To(column).Add(text, Tone.Quiet));
        });
    });

    /// <summary>The five clocks, each measured apart: what passed between one and the next.</summary>
    public static IRenderable Clocks(IReadOnlyList<(string Name, TimeSpan After)> clocks) => new StoryPage(space =>
    {
        var lines = new List<StoryLine>();
        var line = new StoryLine().To(Indent);
        var rule = new string(space.Glyphs.Rule, 2);
        foreach (var (i, (name, after)) in clocks.Index())
        {
            if (i == 0)
            {
                line.Add(name, Tone.Strong);
                continue;
            }

            var between = Spans.Show(after - clocks[i - 1].After);
            if (line.Length + between.Length + name.Length + 8 > space.Width - Indent)
            {
                lines.Add(line);
                line = new StoryLine().To(Indent);
            }

            line.Add(line.Length > Indent ? $" {rule} " : $"{rule} ", Tone.Drawn).Add(between, Tone.Quiet)
                .Add($" {rule} ", Tone.Drawn).Add(name, Tone.Strong);
        }

        return lines.Append(line);
    });

    /// <summary>A planned move as customers felt it.</summary>
    public static IRenderable Move(string from, string to, PlannedOutcome move) => new StoryPage(space =>
    [
        new StoryLine().To(Indent).Add($"{from} ").Add(space.Glyphs.Arrow, Tone.Drawn).Add($" {to} in ")
            .Add(Spans.Show(move.Took), Tone.Strong).Add("; the longest silence between two orders ").Add(Spans.Show(move.Silence), Tone.Strong),
        new StoryLine().To(Indent)
            .Add(move.Refused == 0 ? "no order refused" : $"{Spans.Count(move.Refused, "order")} refused", move.Refused == 0 ? Tone.Good : Tone.Waiting)
            .Add(", ").Add(move.Lost == 0 ? "none lost" : $"{Spans.Count(move.Lost, "order")} lost", move.Lost == 0 ? Tone.Good : Tone.Bad),
    ]);

    /// <summary>The last page: each promise, and whether it was kept.</summary>
    public static IRenderable Verdict(VerdictFacts verdict) => new StoryPage(space =>
    {
        var kept = verdict.Promises.All(p => p.Kept);
        return verdict.Promises
            .SelectMany(p => OpeningPages.Wrap(p.What, space.Width - (2 * Indent) - 8).Select((text, i) => new StoryLine().To(Indent)
                .Cell(i > 0 ? "" : p.Kept ? "kept" : "BROKEN", 8, p.Kept ? Tone.Good : Tone.Bad).Add(text)))
            .Append(StoryLine.Empty)
            .Append(new StoryLine().To(Indent)
                .Add(kept ? "Recovered, and back again" : "Not all went as promised", kept ? Tone.Good : Tone.Bad)
                .Add($", in {Spans.Show(verdict.Took)}.", Tone.Plain));
    });

    /// <summary>What the watch on both databases proves.</summary>
    public static string WatchInWords(WatchFacts watch) => watch.Overlaps == 0
        ? $"at no moment were two databases writable ({Spans.Show(watch.Attempts)} attempts to write to both)"
        : $"two databases were writable at the same time: {Spans.Count(watch.Overlaps, "overlap")} in {Spans.Show(watch.Attempts)} attempts to write to both";
}
