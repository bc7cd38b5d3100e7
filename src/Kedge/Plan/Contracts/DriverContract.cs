using Kedge.Plan.Model;

namespace Kedge.Plan.Contracts;

/// <summary>
/// What a kind of component offers, as data: so that validation, schema, editors and the compiler know a driver
/// without knowing its code. A driver publishes exactly one.
/// </summary>
public sealed record DriverContract
{
    /// <summary>The word in the plan's <c>driver:</c> key.</summary>
    public required string Kind { get; init; }

    /// <summary>One sentence for the reference.</summary>
    public required string Summary { get; init; }

    /// <summary>True where an instance holds data of which only one copy may be written: it gets epochs, fencing and markers.</summary>
    public bool HoldsData { get; init; }

    /// <summary>True where one instance serves all sites (a DNS record): it is listed under the sites that it can point at.</summary>
    public bool Shared { get; init; }

    public required IReadOnlyList<OptionSpec> Options { get; init; }

    public required IReadOnlyList<ActionContract> Actions { get; init; }

    /// <summary>Options of a check of this kind; empty where the driver cannot check.</summary>
    public IReadOnlyList<OptionSpec> Checks { get; init; } = [];

    /// <summary>Options of a custom step of this kind; empty where it cannot be one.</summary>
    public IReadOnlyList<OptionSpec> Custom { get; init; } = [];

    /// <summary>The smallest loss that the protection described by these options can promise; null where the driver protects no data.</summary>
    public Func<OptionValues, TimeSpan>? SmallestLoss { get; init; }

    /// <summary>What a careful reader would remark on a component of this kind: cross-option errors and warnings.</summary>
    public Func<Component, IEnumerable<OptionFinding>> Review { get; init; } = static _ => [];

    /// <summary>The same for the options of one check or custom step of this kind; findings name no site.</summary>
    public Func<OptionValues, IEnumerable<OptionFinding>> ReviewUse { get; init; } = static _ => [];

    public ActionContract? Find(string action) => Actions.FirstOrDefault(a => a.Name == action);
}

/// <summary>A remark on the options of one component.</summary>
/// <param name="Site">The instance that it is about; null for the component as a whole.</param>
/// <param name="Option">The key that it is about; null for all of them.</param>
/// <param name="Fix">What to write instead.</param>
public sealed record OptionFinding(SiteName? Site, string? Option, bool IsError, string Code, string What, string Fix);
