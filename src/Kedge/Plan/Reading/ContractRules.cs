using Kedge.Plan.Contracts;

namespace Kedge.Plan.Reading;

/// <summary>What a driver's contract must keep to, so that whoever reads options by its word finds them.</summary>
internal static class ContractRules
{
    /// <summary>Throws <see cref="ArgumentException"/> for a contract whose actions name options that it does not have: a defect of the driver.</summary>
    public static void Demand(DriverContract contract)
    {
        foreach (var action in contract.Actions)
        {
            var options = action.Role is ActionRole.Custom ? contract.Custom : contract.Options;
            Demand(contract, action, options, action.SettlesAfter, OptionType.Duration);
            Demand(contract, action, options, action.TimeoutFrom, OptionType.Duration);
            Demand(contract, action, options, action.SafeToRepeatWith, OptionType.Flag);
            Demand(contract, action, options, action.Instruction, OptionType.Text);
            Demand(contract, action, options, action.OnlyWith, type: null);
        }
    }

    private static void Demand(DriverContract contract, ActionContract action, IReadOnlyList<OptionSpec> options, string? name, OptionType? type)
    {
        if (name is not null && !options.Any(o => o.Name == name && (type is null || o.Type == type)))
        {
            throw new ArgumentException(
                $"driver {contract.Kind}: action '{action.Name}' names an option '{name}' that is not there{(type is null ? "" : $" as a {type}")}", nameof(contract));
        }
    }
}
