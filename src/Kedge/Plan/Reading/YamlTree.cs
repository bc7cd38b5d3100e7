using System.Buffers;
using Kedge.Plan.Language;
using YamlDotNet.Core.Events;

namespace Kedge.Plan.Reading;

/// <summary>
/// Puts the events of one YAML document together to nodes. Aliases share the node that they name, so a small file stays
/// small in memory; the size that they stand for is bounded, because whatever walks the tree meets it each time.
/// </summary>
internal sealed class YamlTree(string file, IReadOnlyList<BlankedLines> blanked, ProblemList problems)
{
    /// <summary>Values in one file, those behind aliases counted each time.</summary>
    public const int MaxSize = 2_000_000;

    /// <summary>The language itself is some ten levels deep.</summary>
    public const int MaxDepth = 40;

    private static readonly SearchValues<char> ControlCharacters =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\n' or '\t'))]);

    private readonly Stack<Frame> open = new();
    private readonly Dictionary<string, PlanNode?> anchors = [];
    private int size;

    public PlanNode? Root { get; private set; }

    /// <summary>False where the document was left half read because it is too much.</summary>
    public bool Whole { get; private set; } = true;

    /// <summary>First line of the outermost flow collection (brackets, braces) that is open; null where none is.</summary>
    public int? OpenFlowLine => open.Where(f => f.Flow).Select(f => (int?)f.Place.Line).LastOrDefault();

    /// <summary>Where the innermost open collection began; null where none is open.</summary>
    public Place? OpenPlace => open.TryPeek(out var frame) ? frame.Place : null;

    /// <summary>False: read no further.</summary>
    public bool Accept(ParsingEvent next)
    {
        switch (next)
        {
            case Scalar scalar:
                return Add(Read(scalar), 1, Anchor(scalar));
            case AnchorAlias alias:
                return Follow(alias) is var target && Add(target, target.Size, anchor: null);
            case MappingStart start:
                return Open(start, isMap: true, start.Style is MappingStyle.Flow);
            case SequenceStart start:
                return Open(start, isMap: false, start.Style is SequenceStyle.Flow);
            case MappingEnd or SequenceEnd:
                return Close(next);
            default:
                return true;
        }
    }

    private bool Open(NodeEvent start, bool isMap, bool flow)
    {
        var place = At(start);
        if (open.Count >= MaxDepth)
        {
            return Refuse(place, $"This is nested more than {MaxDepth} levels deep.");
        }

        var anchor = Anchor(start);
        if (anchor is not null)
        {
            anchors[anchor] = null;
        }

        var refused = !start.Tag.IsEmpty && !start.Tag.IsNonSpecific && start.Tag.Value != (isMap ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq");
        if (refused)
        {
            RefuseTag(place, start.Tag.Value);
        }

        open.Push(new(isMap, flow, place, After(place), anchor, refused));
        return true;
    }

    private bool Close(ParsingEvent end)
    {
        var frame = open.Pop();
        PlanNode node = frame switch
        {
            { Refused: true } => new BrokenNode(frame.Place),
            { IsMap: true } => new MapNode(frame.Place, frame.Entries, IsComplete(frame, end), frame.Size),
            _ => new ListNode(frame.Place, frame.Items, frame.Size),
        };
        return Add(node, 1, frame.Anchor);
    }

    private bool IsComplete(Frame frame, ParsingEvent end) =>
        blanked.Count == 0 || !blanked.Any(b => b.To >= frame.After && b.From <= end.End.Line);

    // The line of the key that holds what begins here: a block that was blanked may have stood between the two.
    private int After(Place place) =>
        !open.TryPeek(out var holder) ? 1 : holder.IsMap ? holder.Key?.Place.Line ?? place.Line : place.Line;

    private bool Add(PlanNode node, int cost, string? anchor)
    {
        size += cost;
        if (size > MaxSize)
        {
            return Refuse(node.Place, $"The file stands for more than {MaxSize:N0} values, those behind aliases counted.");
        }

        if (anchor is not null)
        {
            anchors[anchor] = node;
        }

        if (!open.TryPeek(out var frame))
        {
            Root = node;
        }
        else if (!frame.IsMap)
        {
            frame.Items.Add(node);
            frame.Size += node.Size;
        }
        else if (!frame.HasKey)
        {
            TakeKey(frame, node);
        }
        else
        {
            if (frame.Key is { } key)
            {
                frame.Add(new(key.Text, key.Place, node));
            }

            frame.Size += node.Size + 1;
            frame.HasKey = false;
            frame.Key = null;
        }

        return true;
    }

    private void TakeKey(Frame frame, PlanNode node)
    {
        frame.HasKey = true;
        if (node is not ScalarNode { IsNull: false } key)
        {
            if (node is not BrokenNode)
            {
                problems.Add(
                    ProblemCode.WrongKind, node.Place, Path(), $"A key must be a text; found {node.Noun}.", "Write the key as a plain word.");
            }

            return;
        }

        if (frame.Find(key.Text) is { } first)
        {
            problems.Add(
                ProblemCode.DuplicateKey, key.Place, Path().Key(key.Text), $"{Quote.Text(key.Text)} stands here a second time; the first is at line {first.Line}.",
                "Keep one of the two.");
            return;
        }

        // Kept as it was written even where it reads as a number or a truth value: `on` and `1` are names here.
        frame.Key = key;
    }

    private PlanNode Read(Scalar scalar)
    {
        var place = At(scalar);
        var isText = scalar.Tag is { IsEmpty: false, IsNonSpecific: false } && scalar.Tag.Value == "tag:yaml.org,2002:str";
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific && !isText)
        {
            RefuseTag(place, scalar.Tag.Value);
            return new BrokenNode(place);
        }

        if (scalar.Value.AsSpan().ContainsAny(ControlCharacters))
        {
            problems.Add(
                ProblemCode.WrongType, place, Path(), "The text holds a control character.", "Remove it; line breaks and tabs are allowed.");
            return new BrokenNode(place);
        }

        // What this key held was blanked out.
        if (scalar.Value.Length == 0 && blanked.Count > 0 && blanked.Any(b => b.After == place.Line))
        {
            return new BrokenNode(place);
        }

        var plain = scalar.Style is YamlDotNet.Core.ScalarStyle.Plain && !isText && scalar.Tag is not { IsEmpty: false, IsNonSpecific: true };
        return new ScalarNode(place, scalar.Value, plain);
    }

    private PlanNode Follow(AnchorAlias alias)
    {
        var place = At(alias);
        var name = alias.Value.Value;
        if (!anchors.TryGetValue(name, out var target))
        {
            // What a syntax error took away may have held the anchor: the syntax error is enough.
            if (blanked.Count == 0)
            {
                problems.Add(
                    ProblemCode.Alias, place, Path(), $"There is no anchor {Quote.Text(name)} above this alias.", $"Write &{name} before the value that is meant, or write the value here.");
            }

            return new BrokenNode(place);
        }

        if (target is null)
        {
            problems.Add(
                ProblemCode.Alias, place, Path(), $"The alias {Quote.Text(name)} stands within what it names, so it would never end.", "Write the value that is meant.");
            return new BrokenNode(place);
        }

        return target;
    }

    private void RefuseTag(Place place, string tag) => problems.Add(
        ProblemCode.Tag, place, Path(), $"The plan's language has no tag {Quote.Text(tag)}.", "Remove the tag.");

    private bool Refuse(Place place, string what)
    {
        problems.Add(ProblemCode.TooLarge, place, Path(), what, "Give a plan; split one that is really this large into services of their own plans.");
        Whole = false;
        Root = null;
        return false;
    }

    private static string? Anchor(NodeEvent e) => e.Anchor.IsEmpty ? null : e.Anchor.Value;

    private Place At(ParsingEvent e) => new(file, (int)e.Start.Line, (int)e.Start.Column);

    private KeyPath Path()
    {
        var path = KeyPath.Root;
        foreach (var frame in open.Reverse())
        {
            if (!frame.IsMap)
            {
                path = path.Item(frame.Items.Count);
            }
            else if (frame.Key is { } key)
            {
                path = path.Key(key.Text);
            }
        }

        return path;
    }

    /// <summary>A collection that is being read.</summary>
    private sealed class Frame(bool isMap, bool flow, Place place, int after, string? anchor, bool refused)
    {
        private const int FewEntries = 16;

        private Dictionary<string, Place>? names;

        public bool IsMap { get; } = isMap;

        public bool Flow { get; } = flow;

        public Place Place { get; } = place;

        public int After { get; } = after;

        public string? Anchor { get; } = anchor;

        public bool Refused { get; } = refused;

        public List<PlanNode> Items { get; } = [];

        public List<MapEntry> Entries { get; } = [];

        public bool HasKey { get; set; }

        public ScalarNode? Key { get; set; }

        public int Size { get; set; } = 1;

        public void Add(MapEntry entry)
        {
            Entries.Add(entry);
            if (Entries.Count == FewEntries)
            {
                names = Entries.ToDictionary(e => e.Key, e => e.Place);
            }
            else
            {
                names?.Add(entry.Key, entry.Place);
            }
        }

        /// <summary>Where a key stands already.</summary>
        public Place? Find(string key) =>
            names is null ? Entries.Find(e => e.Key == key)?.Place
            : names.TryGetValue(key, out var place) ? place
            : null;
    }
}
