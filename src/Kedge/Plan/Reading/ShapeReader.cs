using Kedge.Plan.Language;
using Kedge.Plan.Model;

namespace Kedge.Plan.Reading;

/// <summary>Holds nodes against the shapes of the language. What does not fit is reported and left out; the rest is read.</summary>
internal sealed class ShapeReader(ProblemList problems)
{
    private static readonly NameShape ComponentName = new("component");

    /// <summary>Null where the value is broken; that has been reported.</summary>
    /// <param name="key">Where the value's key stands.</param>
    public PlanValue? Read(PlanShape shape, PlanNode node, KeyPath path, Place key, bool emptyAllowed = false)
    {
        if (node is BrokenNode)
        {
            return null;
        }

        var content = shape switch
        {
            MappingShape mapping => Mapping(mapping, node, path, key),
            NamedShape named => Named(named, node, path),
            ListShape list => List(list, node, path),
            TextsShape texts => Texts(texts, node, path),
            NeedShape => Need(node, path),
            OptionsShape => node is MapNode or ScalarNode { IsNull: true } ? node : WrongKind(shape, node, path),
            _ => Scalar(shape, node, path, emptyAllowed),
        };
        return content is null ? null : new(node.Place, key, path, content);
    }

    private object? Scalar(PlanShape shape, PlanNode node, KeyPath path, bool emptyAllowed)
    {
        if (node is not ScalarNode scalar)
        {
            return WrongKind(shape, node, path);
        }

        if (scalar.IsNull)
        {
            problems.Add(
                ProblemCode.NoValue, node.Place, path, "There is no value.",
                scalar.Text.Length > 0 && shape is TextShape ? $"Write one; if the word {scalar.Text} is meant, put it in quotation marks." : $"Write {shape.Noun}.");
            return null;
        }

        var outcome = ValueText.Read(shape, scalar.Text, scalar.Plain, emptyAllowed);
        if (outcome.Code is { } code)
        {
            problems.Add(code, node.Place, path, outcome.What, outcome.Fix);
        }

        return outcome.Value;
    }

    private Fields? Mapping(MappingShape shape, PlanNode node, KeyPath path, Place key)
    {
        if (node is ScalarNode { IsNull: true } && shape.MayBeEmpty)
        {
            return new(new Dictionary<PlanKey, PlanValue?>(), complete: true);
        }

        if (node is not MapNode map)
        {
            WrongKind(shape, node, path);
            return null;
        }

        var values = new Dictionary<PlanKey, PlanValue?>();
        var misspelt = new HashSet<string>();
        foreach (var entry in map.Entries)
        {
            if (shape.Find(entry.Key) is { } known)
            {
                values[known] = Read(known.Shape, entry.Value, path.Key(entry.Key), entry.Place);
            }
            else
            {
                misspelt.Add(UnknownKey(entry, path, shape.Phrase, shape.Keys.Select(k => k.Name)) ?? entry.Key);
            }
        }

        if (map.Complete)
        {
            foreach (var missing in shape.Keys.Where(k => k.Required && !values.ContainsKey(k) && !misspelt.Contains(k.Name)))
            {
                problems.Add(
                    ProblemCode.MissingKey, key, path, $"The key '{missing.Name}' is missing.",
                    $"Add `{missing.Name}:` with {missing.Shape.Noun}.");
            }
        }

        return new(values, map.Complete && misspelt.Count == 0);
    }

    /// <summary>Reports a key that is not among those known; returns the one that was probably meant.</summary>
    public string? UnknownKey(MapEntry entry, KeyPath path, string of, IEnumerable<string> known)
    {
        var names = known.ToList();
        var near = problems.Suggest(entry.Key, names);
        var fix = entry.Value is ScalarNode { IsNull: true } && entry.Key.Contains(' ')
            ? "If it belongs to the text before it, put that text in quotation marks: within braces a comma ends it."
            : entry.Key == "<<" ? "The plan's language has no merge keys: alias a whole value, or repeat the keys."
            : near is not null ? $"Write '{near}'."
            : names.Count > 0 ? $"Remove it, or use one of {string.Join(", ", names)}."
            : "Remove it.";
        problems.Add(ProblemCode.UnknownKey, entry.Place, path.Key(entry.Key), $"{Quote.Text(entry.Key)} is no key of {of}.", fix);
        return near;
    }

    private NamedValue[]? Named(NamedShape shape, PlanNode node, KeyPath path)
    {
        if (node is not MapNode map)
        {
            WrongKind(shape, node, path);
            return null;
        }

        var values = new List<NamedValue>();
        var name = new NameShape(shape.Of);
        foreach (var entry in map.Entries)
        {
            var within = path.Key(entry.Key);
            var outcome = ValueText.Read(name, entry.Key, plain: true, emptyAllowed: false);
            if (outcome.Code is { } code)
            {
                problems.Add(code, entry.Place, within, outcome.What, outcome.Fix);
            }

            var value = Read(shape.Value, entry.Value, within, entry.Place);
            if (outcome.Code is null)
            {
                values.Add(new(entry.Key, entry.Place, within, value));
            }
        }

        if (map.Entries.Count < shape.Min && map.Complete)
        {
            problems.Add(ProblemCode.OutOfRange, node.Place, path, $"There is no {shape.Of} here.", "Write at least one.");
        }

        return [.. values];
    }

    private PlanValue[]? List(ListShape shape, PlanNode node, KeyPath path)
    {
        if (node is not ListNode list)
        {
            problems.Add(
                ProblemCode.WrongKind, node.Place, path, $"Expected {shape.Noun}; found {node.Noun}.",
                node is ScalarNode { IsNull: false } && shape.Item is not MappingShape ? "Put it in square brackets: [a, b]." : "Write a list.");
            return null;
        }

        if (list.Items.Count < shape.Min)
        {
            problems.Add(ProblemCode.OutOfRange, node.Place, path, "The list is empty.", $"Write at least {shape.Min}.");
        }

        var values = new List<PlanValue>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (Read(shape.Item, list.Items[i], path.Item(i), list.Items[i].Place, shape.EmptyItems) is { } value)
            {
                values.Add(value);
            }
        }

        return [.. values];
    }

    private Dictionary<string, string>? Texts(TextsShape shape, PlanNode node, KeyPath path)
    {
        if (node is ScalarNode { IsNull: true })
        {
            return [];
        }

        if (node is not MapNode map)
        {
            WrongKind(shape, node, path);
            return null;
        }

        var values = new Dictionary<string, string>();
        foreach (var entry in map.Entries)
        {
            var within = path.Key(entry.Key);
            if (entry.Key.Length is 0 or > TextsShape.MaxNameLength)
            {
                problems.Add(ProblemCode.BadName, entry.Place, within, $"A name here has 1 to {TextsShape.MaxNameLength} characters.", "Shorten it, or write one.");
            }
            else if (entry.Value is not BrokenNode && Scalar(new TextShape(), entry.Value, within, shape.EmptyTexts) is string text)
            {
                values[entry.Key] = text;
            }
        }

        return values;
    }

    private Dependency? Need(PlanNode node, KeyPath path)
    {
        switch (node)
        {
            case ScalarNode:
                return Scalar(ComponentName, node, path, emptyAllowed: false) is string name ? new(name, AcrossSites: false) : null;
            case MapNode { Entries: [{ Value: ScalarNode { Text: NeedShape.AcrossSites } } only] }:
                var outcome = ValueText.Read(ComponentName, only.Key, plain: true, emptyAllowed: false);
                if (outcome.Code is { } code)
                {
                    problems.Add(code, only.Place, path, outcome.What, outcome.Fix);
                    return null;
                }

                return new(only.Key, AcrossSites: true);
            default:
                problems.Add(
                    ProblemCode.WrongKind, node.Place, path, $"Expected {new NeedShape().Noun}; found {node.Noun}.",
                    $"Write the component's name, or {{ NAME: {NeedShape.AcrossSites} }}.");
                return null;
        }
    }

    private object? WrongKind(PlanShape shape, PlanNode node, KeyPath path)
    {
        problems.Add(ProblemCode.WrongKind, node.Place, path, $"Expected {shape.Noun}; found {node.Noun}.", node switch
        {
            ListNode when shape is MappingShape or NamedShape or TextsShape or OptionsShape => "Write `KEY: VALUE` lines instead of list items.",
            ListNode => "Write it without the dash or the square brackets.",
            MapNode => "Write a single value.",
            ScalarNode when shape is NamedShape named => $"Write each {named.Of} as `NAME:` with its keys below.",
            ScalarNode => "Write its keys below it.",
            _ => "Write what is expected.",
        });
        return null;
    }
}
