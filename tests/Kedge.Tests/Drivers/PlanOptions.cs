using System.Globalization;
using Kedge.Plan.Contracts;

namespace Kedge.Tests.Drivers;

/// <summary>Options as a validated plan holds them: what a test writes, with the contract's defaults filled in.</summary>
internal static class PlanOptions
{
    public static OptionValues Of(IReadOnlyList<OptionSpec> specs, params (string Name, object Value)[] written)
    {
        var values = new Dictionary<string, object>();
        foreach (var spec in specs.Where(s => s.Default is not null))
        {
            values[spec.Name] = Read(spec, spec.Default!);
        }

        foreach (var (name, value) in written)
        {
            var spec = specs.Single(s => s.Name == name);
            values[name] = value is string text ? Read(spec, text) : value;
        }

        return new(values);
    }

    private static object Read(OptionSpec spec, string text) => spec.Type switch
    {
        OptionType.Integer => long.Parse(text, CultureInfo.InvariantCulture),
        OptionType.Flag => bool.Parse(text),
        OptionType.Duration => Durations.TryParse(text, out var duration) ? duration : throw new FormatException(text),
        OptionType.Secret => SecretReference.TryParse(text, out var secret) ? secret! : throw new FormatException(text),
        OptionType.List => (IReadOnlyList<string>)text.Split(' '),
        OptionType.Map => text.Split(' ').Select(e => e.Split('=', 2)).ToDictionary(e => e[0], e => e[1]),
        _ => text,
    };
}
