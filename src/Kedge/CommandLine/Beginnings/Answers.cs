namespace Kedge.CommandLine.Beginnings;

/// <summary>What a first plan needs to know.</summary>
internal sealed record Answers
{
    public required string Name { get; init; }

    public required string Primary { get; init; }

    public required string Recovery { get; init; }

    public required string Service { get; init; }

    /// <summary>As the plan spells durations; null for none.</summary>
    public required string? Rto { get; init; }

    public required string? Rpo { get; init; }

    /// <summary>Name of the person who may decide.</summary>
    public required string Decides { get; init; }

    /// <summary>That person's login; null where it is not known.</summary>
    public required string? Login { get; init; }

    /// <summary>Address at which each site can be asked whether the service serves there; null for none.</summary>
    public required string? PrimaryUrl { get; init; }

    public required string? RecoveryUrl { get; init; }
}
