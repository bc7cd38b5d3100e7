using System.Text;

namespace Kedge.CommandLine.Rendering.Drawings;

/// <summary>A drawing in the language of Mermaid (flowchart syntax).</summary>
internal static class MermaidText
{
    public static string Of(Drawing drawing)
    {
        var text = new StringBuilder();
        var ids = drawing.Boxes.Select((b, i) => (b.Id, Short: $"n{i + 1}")).ToDictionary(b => b.Id, b => b.Short, StringComparer.Ordinal);
        text.Append($"---\ntitle: {Quoted(drawing.Title)}\n---\nflowchart LR\n");
        foreach (var (lane, index) in drawing.Lanes.Select((l, i) => (l, i)))
        {
            var inside = drawing.Boxes.Where(b => b.Lane == lane.Id).ToList();
            if (inside.Count == 0)
            {
                continue;
            }

            text.Append($"  subgraph lane{index + 1}[{Quoted(lane.Title)}]\n");
            inside.ForEach(b => text.Append($"    {ids[b.Id]}[{Quoted(Label(b))}]{Class(b.Look)}\n"));
            text.Append("  end\n");
        }

        foreach (var arrow in drawing.Arrows)
        {
            var line = arrow.Look switch
            {
                ArrowLook.Strong => "==>",
                ArrowLook.Dashed => "-.->",
                _ => "-->",
            };
            text.Append($"  {ids[arrow.From]} {line}{(arrow.Label is { } label ? $"|{Quoted(label)}|" : "")} {ids[arrow.To]}\n");
        }

        text.Append("  classDef strong stroke-width:3px\n");
        text.Append("  classDef quiet stroke-dasharray:4 3,color:#666\n");
        text.Append("  classDef person stroke:#b8860b,stroke-width:2px\n");
        text.Append("  classDef bad stroke:#b00020,stroke-width:2px\n");
        return text.ToString();
    }

    private static string Label(Box box) => (box.Number is { } number ? $"{number}. " : "") + string.Join("<br/>", box.Lines);

    private static string Class(BoxLook look) => look is BoxLook.Plain ? "" : $":::{look.ToString().ToLowerInvariant()}";

    /// <summary>Mermaid takes HTML entities within quotes; the line breaks are ours.</summary>
    private static string Quoted(string text) =>
        '"' + text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
            .Replace("<br/>", "\n", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("\n", "<br/>", StringComparison.Ordinal) + '"';
}
