using Kedge.Plan.Contracts;
using Kedge.Plan.Language;

namespace Kedge.Plan.Reading;

/// <summary>Reads what a driver takes. Knows each driver's options by name, and their defaults as values.</summary>
internal sealed class OptionReader
{
    private readonly ProblemList problems;
    private readonly ShapeReader shapes;
    private readonly Dictionary<(DriverContract Contract, OptionUse Use), OptionTable> tables;

    public OptionReader(ProblemList problems, ShapeReader shapes, Dictionary<(DriverContract Contract, OptionUse Use), OptionTable> tables)
    {
        this.problems = problems;
        this.shapes = shapes;
        this.tables = tables;
    }

    /// <summary>The options that one mapping gives; <see cref="OptionLayer.Broken"/> where one of them is wrong.</summary>
    public OptionLayer Layer(DriverContract contract, OptionUse use, PlanValue? value)
    {
        var table = tables[(contract, use)];
        if (value?.Content is not MapNode { Entries.Count: > 0 } map)
        {
            return OptionLayer.None;
        }

        var values = new Dictionary<string, object>();
        var given = new HashSet<string>();
        var broken = false;
        foreach (var entry in map.Entries)
        {
            if (!table.Shapes.TryGetValue(entry.Key, out var shape))
            {
                if (shapes.UnknownKey(entry, value.Path, $"driver {contract.Kind}{table.Of}", table.Shapes.Keys) is { } meant)
                {
                    given.Add(meant);
                }

                continue;
            }

            given.Add(entry.Key);
            if (shapes.Read(shape, entry.Value, value.Path.Key(entry.Key), entry.Place) is { } read)
            {
                values[entry.Key] = read.Content is PlanValue[] items ? Texts(items) : read.Content;
            }
            else
            {
                broken = true;
            }
        }

        return new(values, given, broken, map.Complete);
    }

    private static string[] Texts(PlanValue[] items) => Array.ConvertAll(items, i => i.Text);

    /// <summary>
    /// One layer over the other, over the defaults. Null where an option is wrong or missing; what is missing is
    /// reported at the instance.
    /// </summary>
    public OptionValues? Lay(DriverContract contract, OptionUse use, OptionLayer below, OptionLayer above, Place place, KeyPath path)
    {
        var table = tables[(contract, use)];
        var values = new Dictionary<string, object>(table.Defaults);
        foreach (var (name, value) in below.Values)
        {
            values[name] = value;
        }

        foreach (var (name, value) in above.Values)
        {
            values[name] = value;
        }

        var lacking = false;
        foreach (var name in table.Required)
        {
            if (values.ContainsKey(name) || below.Given.Contains(name) || above.Given.Contains(name))
            {
                continue;
            }

            lacking = true;
            if (below.Complete && above.Complete)
            {
                problems.Add(
                    ProblemCode.MissingKey, place, path, $"The option '{name}' of driver {contract.Kind}{table.Of} is missing.",
                    $"Add `{name}:` with {table.Shapes[name].Noun}, {(above == OptionLayer.None ? "under `options`" : "here or for all sites under `options`")}.");
            }
        }

        return below.Broken || above.Broken || lacking ? null : new(values);
    }
}

/// <summary>What one mapping of options gives.</summary>
/// <param name="Given">Names that stand there, broken ones too.</param>
/// <param name="Complete">False where a part of it could not be read.</param>
internal sealed record OptionLayer(Dictionary<string, object> Values, HashSet<string> Given, bool Broken, bool Complete)
{
    public static OptionLayer None { get; } = new(new Dictionary<string, object>(), new HashSet<string>(), Broken: false, Complete: true);
}

/// <summary>A driver's options for one use, ready to look up.</summary>
internal sealed class OptionTable
{
    /// <summary>Throws <see cref="ArgumentException"/> for a contract with a default that is no value of its own type: a defect of the driver.</summary>
    public OptionTable(DriverContract contract, OptionUse use)
    {
        var specs = OptionShapes.For(contract, use);
        Of = use switch { OptionUse.Check => " for a check", OptionUse.Step => " for a step", _ => "" };
        Shapes = specs.ToDictionary(s => s.Name, OptionShapes.Of);
        Required = [.. specs.Where(s => s is { Required: true, Default: null }).Select(s => s.Name)];
        Defaults = specs.Where(s => s.Default is not null).ToDictionary(s => s.Name, s =>
            (s.Type is OptionType.List or OptionType.Map ? null : ValueText.Read(Shapes[s.Name], s.Default!, plain: true, emptyAllowed: true).Value)
            ?? throw new ArgumentException($"driver {contract.Kind}: the default of option '{s.Name}' is no value of its type", nameof(contract)));
    }

    /// <summary>For "option of driver http for a check".</summary>
    public string Of { get; }

    public Dictionary<string, PlanShape> Shapes { get; }

    public List<string> Required { get; }

    public Dictionary<string, object> Defaults { get; }
}
