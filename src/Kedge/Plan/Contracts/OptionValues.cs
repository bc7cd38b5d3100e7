namespace Kedge.Plan.Contracts;

/// <summary>
/// The options of one instance, check or custom step after validation: every required key is there, every value has
/// the type that its <see cref="OptionSpec"/> declares. Asking for a key that has no value and no default throws
/// <see cref="KeyNotFoundException"/>: that is a defect of the driver, not of the plan.
/// </summary>
public sealed class OptionValues(IReadOnlyDictionary<string, object> values)
{
    public static OptionValues None { get; } = new(new Dictionary<string, object>());

    /// <summary>Names that have a value, sorted.</summary>
    public IEnumerable<string> Names => values.Keys.Order(StringComparer.Ordinal);

    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>The value as the reader made it, for whatever writes options without knowing their types.</summary>
    internal object this[string name] => values[name];

    public string Text(string name) => (string)values[name];

    public string? TextOrNull(string name) => values.TryGetValue(name, out var value) ? (string)value : null;

    public int Integer(string name) => checked((int)(long)values[name]);

    public bool Flag(string name) => (bool)values[name];

    public TimeSpan Duration(string name) => (TimeSpan)values[name];

    /// <summary>In bytes.</summary>
    public long ByteSize(string name) => values[name] is ByteCount count ? count.Bytes : (long)values[name];

    /// <summary>Empty where the option is absent.</summary>
    public IReadOnlyList<string> List(string name) =>
        values.TryGetValue(name, out var value) ? (IReadOnlyList<string>)value : [];

    /// <summary>Empty where the option is absent.</summary>
    public IReadOnlyDictionary<string, string> Map(string name) =>
        values.TryGetValue(name, out var value)
            ? (IReadOnlyDictionary<string, string>)value
            : new Dictionary<string, string>();

    public SecretReference Secret(string name) => (SecretReference)values[name];

    public SecretReference? SecretOrNull(string name) =>
        values.TryGetValue(name, out var value) ? (SecretReference)value : null;

    /// <summary>The value as the plan would spell it, for people and for the plan's version; a secret shows its reference.</summary>
    public string Show(string name) => values[name] switch
    {
        IReadOnlyList<string> list => string.Join(' ', list),
        IReadOnlyDictionary<string, string> map =>
            string.Join(' ', map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={e.Value}")),
        TimeSpan duration => Durations.Show(duration),
        bool flag => flag ? "true" : "false",
        var other => other.ToString()!,
    };
}
