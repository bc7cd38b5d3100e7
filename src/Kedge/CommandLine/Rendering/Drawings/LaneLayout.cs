namespace Kedge.CommandLine.Rendering.Drawings;

/// <summary>
/// Places boxes: from left to right by the longest chain that leads to each, from top to bottom by lane, and within a
/// lane so that arrows cross little (a box near the middle of those it is tied to, swept a few times back and forth).
/// </summary>
internal sealed class LaneLayout
{
    private const int Sweeps = 6;

    private readonly Dictionary<string, int> laneOf;
    private readonly Dictionary<string, int> columnOf;
    private readonly Dictionary<(int Lane, int Column), List<string>> cells = [];

    private LaneLayout(Drawing drawing)
    {
        var lanes = drawing.Lanes.Select((l, i) => (l.Id, i)).ToDictionary(l => l.Id, l => l.i, StringComparer.Ordinal);
        laneOf = drawing.Boxes.ToDictionary(b => b.Id, b => lanes[b.Lane], StringComparer.Ordinal);
        columnOf = ColumnsOf(drawing);
        foreach (var box in drawing.Boxes)
        {
            var cell = (laneOf[box.Id], columnOf[box.Id]);
            if (!cells.TryGetValue(cell, out var inside))
            {
                cells[cell] = inside = [];
            }

            inside.Add(box.Id);
        }

        Untangle(drawing);
        ColumnCount = columnOf.Values.DefaultIfEmpty(-1).Max() + 1;
        LaneRows = [.. Enumerable.Range(0, drawing.Lanes.Count).Select(l => cells.Where(c => c.Key.Lane == l).Select(c => c.Value.Count).DefaultIfEmpty(0).Max())];
    }

    public int ColumnCount { get; }

    /// <summary>How many rows each lane takes; 0 for one without boxes.</summary>
    public IReadOnlyList<int> LaneRows { get; }

    public static LaneLayout Of(Drawing drawing) => new(drawing);

    public int Lane(string box) => laneOf[box];

    public int Column(string box) => columnOf[box];

    /// <summary>Within the lane, in rows from its top; cells that are not full stand in the lane's middle.</summary>
    public double Row(string box)
    {
        var cell = cells[(laneOf[box], columnOf[box])];
        return cell.IndexOf(box) + ((LaneRows[laneOf[box]] - cell.Count) / 2.0);
    }

    /// <summary>The length of the longest chain of ranking arrows that leads to each box.</summary>
    private static Dictionary<string, int> ColumnsOf(Drawing drawing)
    {
        var columns = drawing.Boxes.ToDictionary(b => b.Id, _ => 0, StringComparer.Ordinal);
        var open = drawing.Boxes.ToDictionary(b => b.Id, _ => 0, StringComparer.Ordinal);
        var next = drawing.Arrows.Where(a => a.Ranks).ToLookup(a => a.From, a => a.To);
        foreach (var arrow in drawing.Arrows.Where(a => a.Ranks))
        {
            open[arrow.To]++;
        }

        var ready = new Queue<string>(drawing.Boxes.Select(b => b.Id).Where(b => open[b] == 0));
        while (ready.TryDequeue(out var box))
        {
            foreach (var follower in next[box])
            {
                columns[follower] = Math.Max(columns[follower], columns[box] + 1);
                if (--open[follower] == 0)
                {
                    ready.Enqueue(follower);
                }
            }
        }

        return columns;
    }

    private void Untangle(Drawing drawing)
    {
        var ties = drawing.Arrows.SelectMany(a => new[] { (a.From, a.To), (From: a.To, To: a.From) }).ToLookup(a => a.From, a => a.To);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var height = drawing.Boxes.ToDictionary(b => b.Id, b => (laneOf[b.Id] * 1000.0) + cells[(laneOf[b.Id], columnOf[b.Id])].IndexOf(b.Id), StringComparer.Ordinal);
            foreach (var cell in cells.Values.Where(c => c.Count > 1))
            {
                var sorted = cell.Select((b, i) => (Box: b, Index: i))
                    .OrderBy(b => ties[b.Box].Any() ? ties[b.Box].Average(t => height[t]) : height[b.Box]).ThenBy(b => b.Index)
                    .Select(b => b.Box).ToList();
                cell.Clear();
                cell.AddRange(sorted);
            }
        }
    }
}
