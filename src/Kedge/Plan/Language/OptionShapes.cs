using Kedge.Plan.Contracts;

namespace Kedge.Plan.Language;

/// <summary>The options of drivers in the terms of the language.</summary>
internal static class OptionShapes
{
    /// <summary>The options of a driver for one use.</summary>
    public static IReadOnlyList<OptionSpec> For(DriverContract contract, OptionUse use) => use switch
    {
        OptionUse.Component => contract.Options,
        OptionUse.Check => contract.Checks,
        _ => contract.Custom,
    };

    public static PlanShape Of(OptionSpec spec) => spec.Type switch
    {
        OptionType.Text => new TextShape(),
        OptionType.Integer => new IntegerShape(spec.Min, spec.Max),
        OptionType.Flag => new FlagShape(),
        OptionType.Duration => new DurationShape(TimeSpan.Zero),
        OptionType.ByteSize => new ByteSizeShape(spec.Min, spec.Max),
        OptionType.Choice => new ChoiceShape(spec.Choices),
        OptionType.List => new ListShape(new TextShape(), spec.Required ? 1 : 0, EmptyItems: true),
        OptionType.Map => new TextsShape(EmptyTexts: true),
        OptionType.Secret => new SecretShape(),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Type, "no such type of option"),
    };

    /// <summary>Whether a driver can be a component: it does more there than steps that a plan names.</summary>
    public static bool CanBeComponent(DriverContract contract) => contract.Actions.Any(a => a.Role is not ActionRole.Custom);

    public static bool CanCheck(DriverContract contract) => contract.Checks.Count > 0;

    public static bool CanBeStep(DriverContract contract) => contract.Actions.Any(a => a.Role is ActionRole.Custom);
}
