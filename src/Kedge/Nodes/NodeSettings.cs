namespace Kedge.Nodes;

/// <summary>How a node behaves.</summary>
public sealed record NodeSettings
{
    /// <summary>How long the lead is held without being renewed; another node takes over after it at the latest.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a node that waits tries to take the lead.</summary>
    public TimeSpan LeaseRetry { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>False for a command that hosts a node only to carry out a run.</summary>
    public bool Watches { get; init; } = true;

    /// <summary>Where the node says what it does; each line is for an operator.</summary>
    public Action<string> Announce { get; init; } = static _ => { };
}
