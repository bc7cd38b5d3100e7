namespace Kedge.Nodes;

/// <summary>Where a command or node finds its state, and in whose name it acts.</summary>
public sealed record ControlSettings
{
    /// <summary>Folder of the store; created where there is none.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Person or node that appends to the journal.</summary>
    public required string Who { get; init; }

    /// <summary>What this process is called when it leads.</summary>
    public required string NodeName { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
