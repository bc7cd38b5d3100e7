using System.Globalization;
using System.Text;
using Kedge.CommandLine.Rendering.Text;

namespace Kedge.CommandLine.Rendering.Drawings;

/// <summary>A drawing as SVG that stands alone: no fonts, scripts or programs from elsewhere; follows the reader's light or dark scheme.</summary>
internal static class SvgText
{
    private const double BoxWidth = 210;
    private const double BoxHeight = 62;
    private const double ColumnGap = 60;
    private const double RowGap = 16;
    private const double Margin = 24;
    private const double WaypointDrop = 8;
    private const double LaneHead = 26;
    private const double LaneGap = 14;
    private const int TitleColumns = 28;

    private const string Style = """
        <style>
          svg { background: #ffffff; font-family: system-ui, sans-serif; }
          .title { font-size: 18px; font-weight: 600; fill: #1a1a1a; }
          .lane { fill: #f4f5f7; } .lane-title { font-size: 13px; font-weight: 600; fill: #44505c; }
          .box { fill: #ffffff; stroke: #5b6b7a; stroke-width: 1.2; }
          .strong { stroke: #0b5fa5; stroke-width: 2.6; } .quiet { stroke-dasharray: 5 3; } .person { stroke: #b8860b; stroke-width: 2.2; } .bad { stroke: #b00020; stroke-width: 2.2; }
          .name { font-size: 12px; fill: #1a1a1a; } .note { font-size: 10.5px; fill: #5b6b7a; }
          .arrow { fill: none; stroke: #8593a0; stroke-width: 1.3; } .arrow-strong { stroke: #0b5fa5; stroke-width: 2.4; } .arrow-dashed { stroke-dasharray: 5 4; }
          .tip { fill: #8593a0; } .label { font-size: 10px; fill: #5b6b7a; }
          @media (prefers-color-scheme: dark) {
            svg { background: #15191d; } .title, .name { fill: #e8ecef; } .lane { fill: #1e242a; } .lane-title, .note, .label { fill: #9fb0bf; }
            .box { fill: #262e36; stroke: #7b8b99; } .strong { stroke: #58a6e8; } .person { stroke: #d9a520; } .bad { stroke: #ff6b7f; } .arrow-strong { stroke: #58a6e8; }
          }
        </style>
        """;

    public static string Of(Drawing drawing)
    {
        var layout = LaneLayout.Of(drawing);
        var tops = LaneTops(layout);
        var beside = drawing.Arrows.Any(a => layout.Column(a.From) == layout.ColumnCount - 1 && layout.Column(a.To) == layout.ColumnCount - 1);
        var width = (beside ? ColumnGap : 0) + (2 * Margin) + (layout.ColumnCount * BoxWidth) + (Math.Max(0, layout.ColumnCount - 1) * ColumnGap) + (2 * LaneGap);
        var height = tops[^1] + Margin - LaneGap;
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {N(width)} {N(height)}\" width=\"{N(width)}\" height=\"{N(height)}\" role=\"img\" aria-label=\"{Escape(drawing.Title)}\">\n");
        svg.Append(Style.ReplaceLineEndings("\n")).Append('\n');
        svg.Append("<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"tip\" d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>\n");
        svg.Append($"<text class=\"title\" x=\"{N(Margin)}\" y=\"{N(Margin + 14)}\">{Escape(drawing.Title)}</text>\n");
        Lanes(svg, drawing, layout, tops, width);
        foreach (var arrow in drawing.Arrows)
        {
            Draw(svg, arrow, PlaceOf(arrow.From, layout, tops), [.. layout.Way(arrow).Select(p => PlaceOf(p, layout, tops))], PlaceOf(arrow.To, layout, tops));
        }

        foreach (var box in drawing.Boxes)
        {
            Draw(svg, box, PlaceOf(box.Id, layout, tops));
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Where each lane begins, and where the one after the last would.</summary>
    private static List<double> LaneTops(LaneLayout layout)
    {
        var tops = new List<double> { Margin + 34 };
        foreach (var rows in layout.LaneRows)
        {
            tops.Add(tops[^1] + (rows == 0 ? 0 : LaneHead + (rows * (BoxHeight + RowGap)) + LaneGap));
        }

        return tops;
    }

    private static Place PlaceOf(string place, LaneLayout layout, List<double> tops) => new(
        Margin + LaneGap + (layout.Column(place) * (BoxWidth + ColumnGap)),
        tops[layout.Lane(place)] + LaneHead + (layout.Row(place) * (BoxHeight + RowGap)));

    private static void Lanes(StringBuilder svg, Drawing drawing, LaneLayout layout, List<double> tops, double width)
    {
        for (var lane = 0; lane < drawing.Lanes.Count; lane++)
        {
            if (layout.LaneRows[lane] > 0)
            {
                svg.Append($"<rect class=\"lane\" x=\"{N(Margin)}\" y=\"{N(tops[lane])}\" width=\"{N(width - (2 * Margin))}\" height=\"{N(tops[lane + 1] - tops[lane] - LaneGap)}\" rx=\"8\"/>\n");
                svg.Append($"<text class=\"lane-title\" x=\"{N(Margin + LaneGap)}\" y=\"{N(tops[lane] + 18)}\">{Escape(drawing.Lanes[lane].Title)}</text>\n");
            }
        }
    }

    private static void Draw(StringBuilder svg, Box box, Place at)
    {
        var look = box.Look is BoxLook.Plain ? "box" : $"box {box.Look.ToString().ToLowerInvariant()}";
        svg.Append($"<g><title>{Escape(string.Join(", ", box.Lines))}</title><rect class=\"{look}\" x=\"{N(at.X)}\" y=\"{N(at.Y)}\" width=\"{N(BoxWidth)}\" height=\"{N(BoxHeight)}\" rx=\"6\"/>");
        var name = Styled.Of((box.Number is { } number ? $"{number}. " : "") + box.Lines[0]).Wrapped(TitleColumns);
        var lines = name.Count <= 2 ? name.Select(l => l.ToString()).ToList() : [name[0].ToString(), $"{name[1].ToString().TrimEnd()} …"];
        var y = at.Y + (lines.Count == 1 ? 26 : 19);
        foreach (var line in lines)
        {
            svg.Append($"<text class=\"name\" x=\"{N(at.X + 10)}\" y=\"{N(y)}\">{Escape(line)}</text>");
            y += 15;
        }

        foreach (var note in box.Lines.Skip(1))
        {
            svg.Append($"<text class=\"note\" x=\"{N(at.X + 10)}\" y=\"{N(y + 2)}\">{Escape(note)}</text>");
            y += 13;
        }

        svg.Append("</g>\n");
    }

    private static void Draw(StringBuilder svg, Arrow arrow, Place from, IReadOnlyList<Place> way, Place to)
    {
        var look = arrow.Look is ArrowLook.Plain ? "arrow" : $"arrow arrow-{arrow.Look.ToString().ToLowerInvariant()}";
        var (path, middle) = from.X == to.X ? Beside(from, to) : Across(from, way, to);
        svg.Append($"<path class=\"{look}\" d=\"{path}\" marker-end=\"url(#tip)\"/>\n");
        if (arrow.Label is { } label)
        {
            svg.Append($"<text class=\"label\" x=\"{N(middle.X)}\" y=\"{N(middle.Y)}\">{Escape(label)}</text>\n");
        }
    }

    /// <summary>Between two boxes of one column: a short curve along their right edge.</summary>
    private static (string Path, Place Middle) Beside(Place from, Place to)
    {
        var x = from.X + BoxWidth;
        var (y1, y2) = (from.Y + (BoxHeight / 2), to.Y + (BoxHeight / 2));
        var bulge = x + (ColumnGap * 0.6);
        return ($"M{N(x)} {N(y1)} C{N(bulge)} {N(y1)} {N(bulge)} {N(y2)} {N(x + 2)} {N(y2)}", new(x + 8, (y1 + y2) / 2));
    }

    /// <summary>From edge to edge, straight on between the boxes of the columns that it crosses.</summary>
    private static (string Path, Place Middle) Across(Place from, IReadOnlyList<Place> way, Place to)
    {
        var forward = to.X > from.X;
        var (x, y) = (forward ? from.X + BoxWidth : from.X, from.Y + (BoxHeight / 2));
        var start = new Place(x, y);
        var path = new StringBuilder($"M{N(x)} {N(y)}");
        foreach (var place in way)
        {
            var level = place.Y + WaypointDrop;
            path.Append(Curve(x, y, place.X, level)).Append($" L{N(place.X + BoxWidth)} {N(level)}");
            (x, y) = (place.X + BoxWidth, level);
        }

        var end = new Place(forward ? to.X : to.X + BoxWidth, to.Y + (BoxHeight / 2));
        path.Append(Curve(x, y, end.X, end.Y));
        return (path.ToString(), new(((start.X + end.X) / 2) - 12, ((start.Y + end.Y) / 2) - 4));
    }

    private static string Curve(double x1, double y1, double x2, double y2)
    {
        var bend = (x2 - x1) / 2;
        return $" C{N(x1 + bend)} {N(y1)} {N(x2 - bend)} {N(y2)} {N(x2)} {N(y2)}";
    }

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private readonly record struct Place(double X, double Y);
}
