using Kedge.Plan.Contracts;
using Kedge.Plan.Language;
using Kedge.Plan.Text;

namespace Kedge.Plan.Schema;

/// <summary>Writes the schema: a definition for each mapping of the language, and one for each driver and use.</summary>
internal sealed class SchemaWriter(IReadOnlyList<DriverContract> contracts)
{
    private readonly List<DriverContract> drivers = [.. contracts.OrderBy(c => c.Kind, StringComparer.Ordinal)];
    private readonly SortedDictionary<string, TreeMap> definitions = new(StringComparer.Ordinal);

    public TreeMap Write()
    {
        var schema = new TreeMap();
        schema.Add("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Add("title", "Kedge plan");
        foreach (var (name, value) in Mapping(PlanKeys.Shape).Entries)
        {
            schema.Add(name, value);
        }

        var all = new TreeMap();
        foreach (var (name, definition) in definitions)
        {
            all.Add(name, definition);
        }

        schema.Add("$defs", all);
        return schema;
    }

    private TreeMap Of(PlanShape shape) => shape switch
    {
        MappingShape mapping => Reference(mapping.Name, () => Mapping(mapping)),
        NamedShape named => SchemaParts.Named(Of(named.Value), named.Min),
        ListShape { Item: TextShape } texts => SchemaParts.List(SchemaParts.Text(texts.EmptyItems), texts.Min),
        ListShape list => SchemaParts.List(Of(list.Item), list.Min),
        OptionsShape => SchemaParts.Object(nullable: true),
        _ => SchemaParts.Value(shape),
    };

    private TreeMap Reference(string name, Func<TreeMap> definition)
    {
        if (!definitions.ContainsKey(name))
        {
            // Taken before it is made, so that a mapping within itself would not go round for ever.
            definitions[name] = new();
            definitions[name] = definition();
        }

        return SchemaParts.Reference(name);
    }

    private TreeMap Mapping(MappingShape shape)
    {
        var schema = SchemaParts.Object(shape.MayBeEmpty);
        schema.Add("description", shape.Help);
        var properties = new TreeMap();
        foreach (var key in shape.Keys)
        {
            properties.Add(key.Name, Property(shape, key));
        }

        schema.Add("properties", properties);
        if (shape.Keys.Where(k => k.Required).Select(k => (object)k.Name).ToList() is { Count: > 0 } required)
        {
            schema.Add("required", required);
        }

        schema.Add("additionalProperties", false);
        if (shape == StepKeys.Shape)
        {
            schema.Add("oneOf", new List<object> { SchemaParts.Requires(StepKeys.Before.Name), SchemaParts.Requires(StepKeys.After.Name) });
        }

        if (UseOf(shape) is { } use)
        {
            schema.Add("allOf", drivers.Where(d => Can(d, use)).Select(d => (object)When(d, use, shape)).ToList());
        }

        return schema;
    }

    private TreeMap Property(MappingShape holder, PlanKey key)
    {
        var schema = new TreeMap();
        schema.Add("description", key.DefaultInWords is { } words ? $"{key.Help} Default: {words}." : key.Help);
        var value = key.Name == ComponentKeys.Driver.Name && UseOf(holder) is { } use
            ? SchemaParts.Choice(drivers.Where(d => Can(d, use)).Select(d => d.Kind))
            : Of(key.Shape);
        foreach (var (name, part) in value.Entries.Where(e => e.Key != "description"))
        {
            schema.Add(name, part);
        }

        if (key.Default is { } preset)
        {
            schema.Add("default", SchemaParts.Default(key.Shape, preset));
        }

        return schema;
    }

    /// <summary>What holds where the mapping names this driver.</summary>
    private TreeMap When(DriverContract driver, OptionUse use, MappingShape shape)
    {
        var options = Reference($"{driver.Kind}-{use.ToString().ToLowerInvariant()}-options", () => Options(driver, use));
        var properties = new TreeMap();
        properties.Add(ComponentKeys.Options.Name, options);
        var atSites = shape.Find(ComponentKeys.At.Name) is not null;
        if (atSites)
        {
            properties.Add(ComponentKeys.At.Name, SchemaParts.Each(options));
        }

        var then = new TreeMap();
        then.Add("properties", properties);
        var required = OptionShapes.For(driver, use).Where(o => o is { Required: true, Default: null }).Select(o => o.Name).ToList();
        if (required.Count > 0)
        {
            then.Add("allOf", required.Select(o => (object)SchemaParts.OptionSomewhere(o, atSites)).ToList());
        }

        var kind = new TreeMap();
        kind.Add("const", driver.Kind);
        var named = new TreeMap();
        named.Add(ComponentKeys.Driver.Name, kind);
        var condition = new TreeMap();
        condition.Add("properties", named);
        condition.Add("required", new List<object> { ComponentKeys.Driver.Name });
        var schema = new TreeMap();
        schema.Add("if", condition);
        schema.Add("then", then);
        return schema;
    }

    private static TreeMap Options(DriverContract driver, OptionUse use)
    {
        var schema = SchemaParts.Object(nullable: true);
        schema.Add("description", driver.Summary);
        var properties = new TreeMap();
        foreach (var option in OptionShapes.For(driver, use))
        {
            properties.Add(option.Name, SchemaParts.Option(option));
        }

        schema.Add("properties", properties);
        schema.Add("additionalProperties", false);
        return schema;
    }

    private static OptionUse? UseOf(MappingShape shape) =>
        shape == ComponentKeys.Shape ? OptionUse.Component
        : shape == CheckKeys.Shape ? OptionUse.Check
        : shape == StepKeys.Shape ? OptionUse.Step
        : null;

    private static bool Can(DriverContract driver, OptionUse use) => use switch
    {
        OptionUse.Component => OptionShapes.CanBeComponent(driver),
        OptionUse.Check => OptionShapes.CanCheck(driver),
        _ => OptionShapes.CanBeStep(driver),
    };
}
