using System.Globalization;
using Kedge.Plan.Contracts;

namespace Kedge.Acceptance.Drivers.PostgreSql;

/// <summary>Options as validation would hand them to a driver: those given, and the contract's defaults.</summary>
internal static class TestOptions
{
    public static OptionValues Of(IEnumerable<OptionSpec> specs, Dictionary<string, object> given)
    {
        var values = new Dictionary<string, object>(given);
        foreach (var spec in specs.Where(s => s.Default is not null && !given.ContainsKey(s.Name)))
        {
            values[spec.Name] = spec.Type switch
            {
                OptionType.Integer => long.Parse(spec.Default!, CultureInfo.InvariantCulture),
                OptionType.Duration => Durations.TryParse(spec.Default!, out var duration) ? duration : throw new FormatException(spec.Name),
                OptionType.ByteSize => ByteCount.TryParse(spec.Default!, out var count) ? count : throw new FormatException(spec.Name),
                OptionType.Flag => spec.Default == "true",
                _ => spec.Default!,
            };
        }

        return new(values);
    }
}
