using Kedge.Plan.Language;

namespace Kedge.Plan.Reading;

/// <summary>A value of the plan that has the form its key asks for.</summary>
/// <param name="Key">Where its key stands; the value's own place where it is an item of a list.</param>
/// <param name="Content">
/// Text, name and choice: string. Integer: long. Duration: TimeSpan. Share: double. List: PlanValue array, broken items
/// left out. Named: <see cref="NamedValue"/> array. Mapping: <see cref="Fields"/>. Need: <see cref="Model.Dependency"/>.
/// Options: their node, to be read when the driver is known.
/// </param>
internal sealed record PlanValue(Place Place, Place Key, KeyPath Path, object Content)
{
    public string Text => (string)Content;

    public Fields Fields => (Fields)Content;

    public IReadOnlyList<PlanValue> Items => (PlanValue[])Content;

    public IReadOnlyList<NamedValue> Named => (NamedValue[])Content;

    public Placed<T> As<T>() => new((T)Content, Place, Path);
}

/// <param name="Value">Null where it was broken: its name counts all the same.</param>
internal sealed record NamedValue(string Name, Place Key, KeyPath Path, PlanValue? Value);

/// <summary>Something read, and where it stands.</summary>
internal sealed record Placed<T>(T Value, Place Place, KeyPath Path);

/// <summary>The values of a mapping's keys.</summary>
/// <param name="values">Null for a key whose value was broken.</param>
/// <param name="complete">False where what is missing may have been in a part that could not be read.</param>
internal sealed class Fields(IReadOnlyDictionary<PlanKey, PlanValue?> values, bool complete)
{
    /// <summary>Of something broken: nothing is known of it.</summary>
    public static Fields Lost { get; } = new(new Dictionary<PlanKey, PlanValue?>(), complete: false);

    /// <summary>The value; null where the key is absent or its value broken.</summary>
    public PlanValue? this[PlanKey key] => values.GetValueOrDefault(key);

    /// <summary>Whether the key is surely not there: neither given, nor perhaps lost.</summary>
    public bool Lacks(PlanKey key) => complete && !values.ContainsKey(key);

    public string? Text(PlanKey key) => this[key]?.Text;

    public Placed<T>? Placed<T>(PlanKey key) => this[key]?.As<T>();

    public IReadOnlyList<Placed<T>> List<T>(PlanKey key) => this[key] is { } list ? [.. list.Items.Select(i => i.As<T>())] : [];

    public IReadOnlyList<NamedValue> Named(PlanKey key) => this[key]?.Named ?? [];
}
