using System.Globalization;
using Kedge.Plan.Contracts;
using Kedge.Plan.Language;
using Kedge.Plan.Text;

namespace Kedge.Plan.Schema;

/// <summary>The schemas of single values, and the pieces that others are made of.</summary>
internal static class SchemaParts
{
    // A text may be written like a number or a truth value: the reader takes it as it stands.
    private static readonly List<object> TextTypes = ["string", "number", "boolean"];

    public static TreeMap Value(PlanShape shape) => shape switch
    {
        TextShape => Text(emptyAllowed: false),
        NameShape => Name(),
        FlagShape => Typed("boolean"),
        IntegerShape integer => Bounded(Typed("integer"), integer.Min, integer.Max),
        DurationShape duration => WithUnit(@"([0-9]{1,9}(\.[0-9]{1,9})?(ms|s|m|h|d))+", duration.Min == TimeSpan.Zero),
        ByteSizeShape => WithUnit("[0-9]{1,18}(B|kB|MB|GB|TB)", zeroAllowed: true),
        ShareShape => Pattern(Typed("string"), @"^[0-9]{1,3}(\.[0-9]{1,6})?%$"),
        ChoiceShape choice => Choice(choice.Words),
        SecretShape => Pattern(Typed("string"), "^(env|file):."),
        TextsShape texts => Texts(texts),
        ListShape { Item: TextShape } list => List(Text(list.EmptyItems), list.Min),
        NeedShape => Need(),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no schema for this shape"),
    };

    public static TreeMap Option(OptionSpec option)
    {
        var shape = OptionShapes.Of(option);
        var schema = new TreeMap();
        schema.Add("description", option.Help);
        foreach (var (name, part) in Value(shape).Entries)
        {
            schema.Add(name, part);
        }

        if (option.Default is { } preset)
        {
            schema.Add("default", Default(shape, preset));
        }

        return schema;
    }

    public static object Default(PlanShape shape, string text) => shape switch
    {
        IntegerShape => long.Parse(text, CultureInfo.InvariantCulture),
        FlagShape => text == "true",
        _ => text,
    };

    public static TreeMap Object(bool nullable) =>
        nullable ? With("type", new List<object> { "object", "null" }) : Typed("object");

    public static TreeMap Text(bool emptyAllowed)
    {
        var schema = With("type", TextTypes);
        if (!emptyAllowed)
        {
            schema.Add("minLength", 1L);
        }

        return schema;
    }

    public static TreeMap Choice(IEnumerable<string> words) => With("enum", words.Select(w => (object)w).ToList());

    public static TreeMap List(TreeMap item, int min)
    {
        var schema = Typed("array");
        schema.Add("items", item);
        return min > 0 ? Add(schema, "minItems", (long)min) : schema;
    }

    public static TreeMap Named(TreeMap value, int min)
    {
        var schema = Typed("object");
        schema.Add("propertyNames", NameRule());
        schema.Add("additionalProperties", value);
        return min > 0 ? Add(schema, "minProperties", (long)min) : schema;
    }

    public static TreeMap Each(TreeMap value) => With("additionalProperties", value);

    public static TreeMap Reference(string name) => With("$ref", $"#/$defs/{name}");

    public static TreeMap Requires(string key) => With("required", new List<object> { key });

    /// <summary>The option is given for all sites, or at each of them.</summary>
    public static TreeMap OptionSomewhere(string option, bool atSites)
    {
        var given = Typed("object");
        given.Add("required", new List<object> { option });
        var forAll = Within(ComponentKeys.Options.Name, given);
        return atSites
            ? With("anyOf", new List<object> { forAll, Within(ComponentKeys.At.Name, Each(given)) })
            : forAll;
    }

    private static TreeMap Within(string key, TreeMap value)
    {
        var schema = Requires(key);
        schema.Add("properties", With(key, value));
        return schema;
    }

    private static TreeMap Name() => Add(Pattern(With("type", TextTypes), NameShape.Pattern), "maxLength", (long)NameShape.MaxLength);

    private static TreeMap NameRule() => Add(Pattern(new(), NameShape.Pattern), "maxLength", (long)NameShape.MaxLength);

    private static TreeMap WithUnit(string pattern, bool zeroAllowed) => zeroAllowed
        ? Bounded(Pattern(With("type", new List<object> { "string", "integer" }), $"^(0|{pattern})$"), 0, 0)
        : Pattern(Typed("string"), $"^{pattern}$");

    private static TreeMap Texts(TextsShape texts)
    {
        var names = new TreeMap();
        names.Add("minLength", 1L);
        names.Add("maxLength", (long)TextsShape.MaxNameLength);
        var schema = Object(nullable: true);
        schema.Add("propertyNames", names);
        schema.Add("additionalProperties", Text(texts.EmptyTexts));
        return schema;
    }

    private static TreeMap Need()
    {
        var across = Typed("object");
        across.Add("propertyNames", NameRule());
        across.Add("additionalProperties", With("const", NeedShape.AcrossSites));
        across.Add("minProperties", 1L);
        across.Add("maxProperties", 1L);
        return With("anyOf", new List<object> { Name(), across });
    }

    private static TreeMap Bounded(TreeMap schema, long? min, long? max)
    {
        if (min is { } least)
        {
            schema.Add("minimum", least);
        }

        if (max is { } most)
        {
            schema.Add("maximum", most);
        }

        return schema;
    }

    private static TreeMap Typed(string type) => With("type", type);

    private static TreeMap Pattern(TreeMap schema, string pattern) => Add(schema, "pattern", pattern);

    private static TreeMap With(string name, object value) => Add(new(), name, value);

    private static TreeMap Add(TreeMap schema, string name, object value)
    {
        schema.Add(name, value);
        return schema;
    }
}
