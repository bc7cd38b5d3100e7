namespace Kedge.CommandLine.Rendering.Text;

/// <summary>
/// Columns without borders. Cells of flexible columns are broken into lines; a row may carry details that run below it
/// to the right edge.
/// </summary>
/// <param name="columns">Left to right.</param>
/// <param name="indent">Columns before each line.</param>
public sealed class Table(IReadOnlyList<Column> columns, int indent = 0)
{
    private const int Gap = 2;

    private readonly List<Row> rows = [];

    public int Count => rows.Count;

    /// <param name="cells">One for each column.</param>
    /// <param name="details">Lines below the row, from the first flexible column on.</param>
    public Table Add(IReadOnlyList<Styled> cells, IReadOnlyList<Styled>? details = null)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Count != columns.Count)
        {
            throw new ArgumentException($"{cells.Count} cells for {columns.Count} columns", nameof(cells));
        }

        rows.Add(new(cells, details ?? []));
        return this;
    }

    /// <summary>The table within a width.</summary>
    public IReadOnlyList<Styled> Lines(int width)
    {
        var shown = Enumerable.Range(0, columns.Count).Where(IsShown).ToList();
        var widths = Widths(shown, width - indent - (Gap * (shown.Count - 1)));
        var lines = new List<Styled>();
        if (columns.Any(c => c.Header.Length > 0))
        {
            lines.AddRange(Lay([.. columns.Select(c => Styled.Quiet(c.Header))], shown, widths));
        }

        var start = DetailStart(shown, widths);
        foreach (var row in rows)
        {
            lines.AddRange(Lay(row.Cells, shown, widths));
            lines.AddRange(row.Details.SelectMany(d => d.Wrapped(width - start)).Select(l => Styled.Of(new string(' ', start)) + l));
        }

        return lines;
    }

    private bool IsShown(int column) => !columns[column].HideIfEmpty || rows.Any(r => r.Cells[column].Width > 0);

    private Dictionary<int, int> Widths(List<int> shown, int room)
    {
        var widths = shown.ToDictionary(
            c => c, c => Math.Max(Columns.Of(columns[c].Header), rows.Select(r => r.Cells[c].Width).DefaultIfEmpty().Max()));
        var flexible = shown.Where(c => columns[c].Flexible).ToList();

        // The widest gives way first, so that short columns stay whole.
        for (var excess = widths.Values.Sum() - room; excess > 0;)
        {
            var widest = flexible.Where(c => widths[c] > columns[c].Narrowest).OrderByDescending(c => widths[c]).FirstOrDefault(-1);
            if (widest < 0)
            {
                break;
            }

            var second = flexible.Where(c => c != widest).Select(c => widths[c]).DefaultIfEmpty(0).Max();
            var floor = Math.Max(columns[widest].Narrowest, Math.Min(second, widths[widest] - 1));
            var cut = Math.Min(excess, widths[widest] - floor);
            widths[widest] -= cut;
            excess -= cut;
        }

        return widths;
    }

    private int DetailStart(List<int> shown, Dictionary<int, int> widths)
    {
        var before = shown.TakeWhile(c => !columns[c].Flexible).ToList();
        return before.Count == 0 || before.Count == shown.Count ? indent + Gap : indent + before.Sum(c => widths[c] + Gap);
    }

    private IEnumerable<Styled> Lay(IReadOnlyList<Styled> cells, List<int> shown, Dictionary<int, int> widths)
    {
        var broken = shown.ToDictionary(c => c, c => columns[c].Flexible ? cells[c].Wrapped(widths[c]) : [cells[c]]);
        for (var i = 0; i < broken.Values.Max(b => b.Count); i++)
        {
            var line = Styled.Of(new string(' ', indent));
            foreach (var column in shown)
            {
                var cell = broken[column].ElementAtOrDefault(i) ?? Styled.Empty;
                var last = column == shown[^1];
                line += last && !columns[column].Right ? cell : cell.Padded(widths[column], columns[column].Right);
                line += last ? "" : new string(' ', Gap);
            }

            yield return line;
        }
    }

    private sealed record Row(IReadOnlyList<Styled> Cells, IReadOnlyList<Styled> Details);
}

/// <summary>A column of a table.</summary>
/// <param name="Right">Aligned to the right: figures.</param>
/// <param name="Flexible">May be broken into lines where the width does not suffice.</param>
/// <param name="Narrowest">How narrow a flexible column may become.</param>
/// <param name="HideIfEmpty">Left out where no row has anything to say in it.</param>
public sealed record Column(string Header, bool Right = false, bool Flexible = false, int Narrowest = 12, bool HideIfEmpty = false);
