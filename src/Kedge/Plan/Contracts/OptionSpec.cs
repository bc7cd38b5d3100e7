namespace Kedge.Plan.Contracts;

/// <summary>One key that a driver takes in the plan.</summary>
public sealed record OptionSpec
{
    /// <summary>Lower case with hyphens.</summary>
    public required string Name { get; init; }

    public required OptionType Type { get; init; }

    /// <summary>One sentence, with unit and range where there is one.</summary>
    public required string Help { get; init; }

    public bool Required { get; init; }

    /// <summary>As it would be written in the plan; null where the option is absent unless set.</summary>
    public string? Default { get; init; }

    /// <summary>Allowed words of a <see cref="OptionType.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Smallest and largest value of a number; null for no limit.</summary>
    public long? Min { get; init; }

    public long? Max { get; init; }

    /// <summary>An example for the reference; null where the help says enough.</summary>
    public string? Example { get; init; }
}

/// <summary>The type of an option's value.</summary>
public enum OptionType
{
    Text,
    Integer,
    Flag,

    /// <summary>A number with a unit: <c>250ms</c>, <c>5s</c>, <c>1h30m</c>, <c>7d</c>.</summary>
    Duration,

    /// <summary>A number with a unit: <c>64MB</c>, <c>1GB</c> (powers of 1024, as PostgreSQL has it).</summary>
    ByteSize,

    /// <summary>One of <see cref="OptionSpec.Choices"/>.</summary>
    Choice,

    /// <summary>A list of texts: an argument vector, addresses.</summary>
    List,

    /// <summary>Texts by name: environment variables, headers.</summary>
    Map,

    /// <summary>A reference to a secret, <c>env:NAME</c> or <c>file:PATH</c>; never the secret itself.</summary>
    Secret,
}
