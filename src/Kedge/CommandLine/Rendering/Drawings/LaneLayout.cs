namespace Kedge.CommandLine.Rendering.Drawings;

/// <summary>
/// Places boxes: from left to right by the longest chain that leads to each, from top to bottom by lane, and within a
/// lane so that arrows cross little (a box near the middle of those it is tied to, swept a few times back and forth).
/// An arrow over several columns gets a way between the boxes of each.
/// </summary>
internal sealed class LaneLayout
{
    private const int Sweeps = 8;
    private const int MostWaypoints = 5000;
    private const double WaypointHeight = 0.3;

    private readonly Dictionary<string, int> laneOf;
    private readonly Dictionary<string, int> columnOf;
    private readonly Dictionary<Arrow, IReadOnlyList<string>> ways = [];
    private readonly List<(string From, string To)> ties = [];
    private readonly SortedDictionary<(int Lane, int Column), List<string>> cells = [];

    private LaneLayout(Drawing drawing)
    {
        var lanes = drawing.Lanes.Select((l, i) => (l.Id, i)).ToDictionary(l => l.Id, l => l.i, StringComparer.Ordinal);
        laneOf = drawing.Boxes.ToDictionary(b => b.Id, b => lanes[b.Lane], StringComparer.Ordinal);
        columnOf = ColumnsOf(drawing);
        ColumnCount = columnOf.Values.DefaultIfEmpty(-1).Max() + 1;
        foreach (var box in drawing.Boxes)
        {
            Put(box.Id);
        }

        foreach (var arrow in drawing.Arrows)
        {
            LayWay(arrow);
        }

        Untangle();
        LaneRows = [.. Enumerable.Range(0, drawing.Lanes.Count).Select(l => cells.Where(c => c.Key.Lane == l).Select(c => Height(c.Value)).DefaultIfEmpty(0).Max())];
    }

    public int ColumnCount { get; }

    /// <summary>How many rows of boxes each lane takes; 0 for one without any.</summary>
    public IReadOnlyList<double> LaneRows { get; }

    public static LaneLayout Of(Drawing drawing) => new(drawing);

    public int Lane(string place) => laneOf[place];

    public int Column(string place) => columnOf[place];

    /// <summary>Within the lane, in rows from its top; cells that are not full stand in the lane's middle.</summary>
    public double Row(string place)
    {
        var cell = cells[(laneOf[place], columnOf[place])];
        return cell.TakeWhile(p => p != place).Sum(Height) + ((LaneRows[laneOf[place]] - Height(cell)) / 2);
    }

    /// <summary>The places between the columns that an arrow goes through, in its order; empty for neighbours.</summary>
    public IReadOnlyList<string> Way(Arrow arrow) => ways.GetValueOrDefault(arrow) ?? [];

    private static double Height(List<string> cell) => cell.Sum(Height);

    private static double Height(string place) => IsWaypoint(place) ? WaypointHeight : 1;

    private static bool IsWaypoint(string place) => place.StartsWith('\0');

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

    private void Put(string place)
    {
        var cell = (laneOf[place], columnOf[place]);
        if (!cells.TryGetValue(cell, out var inside))
        {
            cells[cell] = inside = [];
        }

        inside.Add(place);
    }

    private void LayWay(Arrow arrow)
    {
        var (from, to) = (columnOf[arrow.From], columnOf[arrow.To]);
        var way = new List<string>();
        if (to - from > 1 && ways.Values.Sum(w => w.Count) < MostWaypoints)
        {
            for (var column = from + 1; column < to; column++)
            {
                var place = $"\0{arrow.From}\0{arrow.To}\0{column}";
                (laneOf[place], columnOf[place]) = (laneOf[arrow.To], column);
                Put(place);
                way.Add(place);
            }

            ways[arrow] = way;
        }

        string[] chain = [arrow.From, .. way, arrow.To];
        ties.AddRange(chain.Zip(chain.Skip(1)));
    }

    private void Untangle()
    {
        var tied = ties.Concat(ties.Select(t => (From: t.To, To: t.From))).ToLookup(t => t.From, t => t.To);
        var height = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var (at, cell) in cells)
            {
                for (var i = 0; i < cell.Count; i++)
                {
                    height[cell[i]] = (at.Lane * 1000.0) + i - (cell.Count / 2.0);
                }
            }

            foreach (var cell in cells.Values.Where(c => c.Count > 1))
            {
                var sorted = cell.Select((p, i) => (Place: p, Index: i))
                    .OrderBy(p => tied[p.Place].Any() ? tied[p.Place].Average(t => height[t]) : height[p.Place]).ThenBy(p => p.Index)
                    .Select(p => p.Place).ToList();
                cell.Clear();
                cell.AddRange(sorted);
            }
        }
    }
}
