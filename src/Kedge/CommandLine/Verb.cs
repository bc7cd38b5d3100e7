using System.CommandLine;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine;

/// <summary>A command with what its help teaches: examples and exit codes.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Heading under which the overview lists it; null for a verb of a verb.</summary>
    public string? Group { get; init; }

    /// <summary>What a newcomer should know beyond the first line, a paragraph each.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    public IReadOnlyList<VerbExample> Examples { get; init; } = [];

    /// <summary>Exit codes other than fine, failed and usage that it can end with.</summary>
    public IReadOnlyList<int> Exits { get; init; } = [];

    /// <summary>How it and its verbs end; null where they do as the verb that it belongs to.</summary>
    public VerbManners? Manners { get; init; }

    /// <summary>What it does. The result is the exit code; a <see cref="VerbException"/> is told to the person.</summary>
    public Verb Does(CommandHost host, GlobalOptions globals, Func<Invocation, CancellationToken, Task<int>> action)
    {
        SetAction((parsed, cancellation) => action(new(host, globals, parsed), cancellation));
        return this;
    }
}

/// <summary>A command that can be typed, and what it is for.</summary>
internal sealed record VerbExample(string Line, string Why);
