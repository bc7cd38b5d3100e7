using System.Text;

namespace Kedge.CommandLine.Rendering.Drawings;

/// <summary>A drawing in the language of Graphviz.</summary>
internal static class DotText
{
    public static string Of(Drawing drawing)
    {
        var text = new StringBuilder();
        text.Append($"digraph kedge {{\n  label={Quoted(drawing.Title)}; labelloc=t; rankdir=LR; fontname=\"sans-serif\";\n");
        text.Append("  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n  edge [fontname=\"sans-serif\", fontsize=9];\n");
        foreach (var (lane, index) in drawing.Lanes.Select((l, i) => (l, i)))
        {
            var inside = drawing.Boxes.Where(b => b.Lane == lane.Id).ToList();
            if (inside.Count == 0)
            {
                continue;
            }

            text.Append($"  subgraph cluster_{index + 1} {{\n    label={Quoted(lane.Title)}; color=gray;\n");
            inside.ForEach(b => text.Append($"    {Quoted(b.Id)} [label={Quoted(Label(b))}{Look(b.Look)}];\n"));
            text.Append("  }\n");
        }

        foreach (var arrow in drawing.Arrows)
        {
            var attributes = new List<string>();
            if (arrow.Label is { } label)
            {
                attributes.Add($"label={Quoted(label)}");
            }

            if (arrow.Look is not ArrowLook.Plain)
            {
                attributes.Add(arrow.Look is ArrowLook.Strong ? "penwidth=2.5" : "style=dashed");
            }

            if (!arrow.Ranks)
            {
                attributes.Add("constraint=false");
            }

            text.Append($"  {Quoted(arrow.From)} -> {Quoted(arrow.To)}{(attributes.Count > 0 ? $" [{string.Join(", ", attributes)}]" : "")};\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Label(Box box) => (box.Number is { } number ? $"{number}. " : "") + string.Join('\n', box.Lines);

    private static string Look(BoxLook look) => look switch
    {
        BoxLook.Strong => ", penwidth=2.5",
        BoxLook.Quiet => ", style=\"rounded,dashed\", fontcolor=gray40",
        BoxLook.Person => ", color=darkgoldenrod, penwidth=2",
        BoxLook.Bad => ", color=firebrick, penwidth=2",
        _ => "",
    };

    private static string Quoted(string text) =>
        '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal) + '"';
}
