using Kedge.Plan.Contracts;

namespace Kedge.Plan.Language;

/// <summary>
/// The form of a value in the plan. Keys of the language and options of drivers are described by the same shapes, and
/// the reader, the JSON Schema and the reference are made from them, so that the three cannot drift apart.
/// </summary>
internal abstract record PlanShape
{
    /// <summary>What it is, after "Expected": <c>a duration with a unit, such as 250ms, 5s or 1h30m</c>.</summary>
    public abstract string Noun { get; }

    /// <summary>For the reference's type column: <c>duration</c>.</summary>
    public abstract string Word { get; }
}

internal sealed record TextShape : PlanShape
{
    public override string Noun => "a text";

    public override string Word => "text";
}

/// <summary>The name of something in the plan.</summary>
/// <param name="Of">What it names: <c>site</c>, <c>service</c>, <c>component</c>, <c>check</c>, <c>step</c>.</param>
internal sealed record NameShape(string Of) : PlanShape
{
    public const string Pattern = "^[a-z0-9]+(-[a-z0-9]+)*$";
    public const int MaxLength = 63;

    public override string Noun => $"the name of a {Of}";

    public override string Word => $"{Of} name";
}

internal sealed record FlagShape : PlanShape
{
    public override string Noun => "true or false";

    public override string Word => "true or false";
}

internal sealed record IntegerShape(long? Min, long? Max) : PlanShape
{
    public override string Noun => "a whole number";

    public override string Word => (Min, Max) switch
    {
        (null, null) => "whole number",
        ({ } min, null) => $"whole number, at least {min}",
        (null, { } max) => $"whole number, at most {max}",
        ({ } min, { } max) => $"whole number, {min} to {max}",
    };
}

/// <param name="Min">Shortest that is allowed.</param>
internal sealed record DurationShape(TimeSpan Min) : PlanShape
{
    public override string Noun => "a duration with a unit (ms, s, m, h, d), such as 250ms, 5s or 1h30m";

    public override string Word => Min > TimeSpan.Zero ? $"duration, at least {Durations.Show(Min)}" : "duration";
}

internal sealed record ByteSizeShape(long? Min, long? Max) : PlanShape
{
    public override string Noun => "a size with a unit (B, kB, MB, GB, TB), such as 64MB";

    public override string Word => "size";
}

/// <summary>A percentage, kept as a share of 0 to 1.</summary>
internal sealed record ShareShape : PlanShape
{
    public override string Noun => "a percentage, such as 99.9%";

    public override string Word => "percentage";
}

internal sealed record ChoiceShape(IReadOnlyList<string> Words) : PlanShape
{
    public override string Noun => $"one of {string.Join(", ", Words)}";

    public override string Word => string.Join(" \\| ", Words.Select(w => $"`{w}`"));
}

internal sealed record SecretShape : PlanShape
{
    public override string Noun => "a reference to a secret, env:NAME or file:PATH";

    public override string Word => "secret reference";
}

/// <param name="Min">Fewest items.</param>
/// <param name="EmptyItems">Whether a text in it may be empty (an argument of a command).</param>
internal sealed record ListShape(PlanShape Item, int Min, bool EmptyItems = false) : PlanShape
{
    public override string Noun => $"a list, each item {Item.Noun}";

    public override string Word => $"list of {Words}{(Min > 0 ? $", at least {Min}" : "")}";

    private string Words => Item switch { TextShape => "texts", NameShape name => $"{name.Of} names", _ => Item.Word };
}

/// <summary>Texts by names that whoever writes the plan chooses freely (channels, environment variables).</summary>
/// <param name="EmptyTexts">Whether a text may be empty.</param>
internal sealed record TextsShape(bool EmptyTexts) : PlanShape
{
    public const int MaxNameLength = 255;

    public override string Noun => "a mapping from names to texts";

    public override string Word => "texts by name";
}

/// <summary>Things by their names.</summary>
/// <param name="Of">What each of them is: <c>site</c>.</param>
/// <param name="Min">Fewest entries.</param>
internal sealed record NamedShape(string Of, PlanShape Value, int Min) : PlanShape
{
    public override string Noun => $"a mapping from {Of} names to what they are";

    public override string Word => $"{Value.Word} by {Of} name";
}

/// <summary>A mapping with keys of its own.</summary>
/// <param name="Name">What it describes: <c>service</c>.</param>
/// <param name="Phrase">The same within a sentence: <c>a service</c>.</param>
internal sealed record MappingShape(string Name, string Phrase, string Help, IReadOnlyList<PlanKey> Keys) : PlanShape
{
    private readonly Dictionary<string, PlanKey> byName = Keys.ToDictionary(k => k.Name);

    public override string Noun => $"a mapping with the keys of {Phrase} ({string.Join(", ", Keys.Select(k => k.Name))})";

    public override string Word => Name;

    /// <summary>Whether it may be left empty.</summary>
    public bool MayBeEmpty { get; } = !Keys.Any(k => k.Required);

    public PlanKey? Find(string name) => byName.GetValueOrDefault(name);
}

/// <summary>A need for a component: its name, or <c>{ name: across-sites }</c>.</summary>
internal sealed record NeedShape : PlanShape
{
    public const string AcrossSites = "across-sites";

    public override string Noun => $"the name of a component, or {{ NAME: {AcrossSites} }}";

    public override string Word => $"component name, or `{{ NAME: {AcrossSites} }}`";
}

/// <summary>What a driver takes: read only when the driver is known.</summary>
internal sealed record OptionsShape(OptionUse Use) : PlanShape
{
    public override string Noun => "a mapping with the driver's options";

    public override string Word => "the driver's options";
}

/// <summary>Which of a driver's options are meant.</summary>
internal enum OptionUse
{
    Component,
    Check,
    Step,
}
