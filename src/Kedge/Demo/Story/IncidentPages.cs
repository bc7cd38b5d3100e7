using Spectre.Console.Rendering;

namespace Kedge.Demo.Story;

/// <summary>From the disaster to the decision.</summary>
internal static class IncidentPages
{
    private const int Indent = 2;

    /// <summary>What happened when, counted from the disaster.</summary>
    public static IRenderable Moments(IReadOnlyList<StoryMoment> moments) => new StoryPage(space =>
    {
        var name = moments.Max(m => m.Name.Length) + 2;
        return moments.SelectMany(m => OpeningPages.Wrap(m.What, space.Width - Indent - 10 - name - Indent)
            .Select((text, i) => i == 0
                ? new StoryLine().To(Indent).Cell(Offset(m.After), 8, Tone.Quiet, right: true).Add("  ").Cell(m.Name, name, m.Tone).Add(text)
                : new StoryLine().To(Indent + 10 + name).Add(text)));
    });

    /// <summary>What the person who decides has to know.</summary>
    public static IRenderable Decision(DecisionFacts decision) => new StoryPage(space =>
    {
        var name = decision.Facts.Count == 0 ? 0 : decision.Facts.Max(f => f.Name.Length) + 2;
        return OpeningPages.Wrap(decision.Proposal, space.Width - (2 * Indent))
            .Select(line => new StoryLine().To(Indent).Add(line, Tone.Strong))
            .Append(StoryLine.Empty)
            .Concat(decision.Facts.SelectMany(f => OpeningPages.Wrap(f.What, space.Width - (3 * Indent) - name)
                .Select((text, i) => new StoryLine().To(Indent).Cell(i == 0 ? f.Name : "", name, Tone.Quiet).Add(text))));
    });

    private static string Offset(TimeSpan after) => after == TimeSpan.Zero ? "0 s" : $"+{Spans.Show(after)}";
}
