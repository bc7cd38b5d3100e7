namespace Kedge.Plan.Language;

/// <summary>One key of the plan's language.</summary>
/// <param name="Help">For the schema and the reference: one or two sentences.</param>
internal sealed record PlanKey(string Name, PlanShape Shape, string Help)
{
    public bool Required { get; init; }

    /// <summary>As it would be written; null where nothing is assumed.</summary>
    public string? Default { get; init; }

    /// <summary>In words, where the default follows from something else in the plan.</summary>
    public string? DefaultInWords { get; init; }

    public string? Example { get; init; }

    // A key is itself, not the sum of its texts: readers look values up by it.
    public bool Equals(PlanKey? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
