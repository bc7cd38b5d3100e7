using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers;

/// <summary>An instance as a driver sees it: its options, and those of its component's other instances.</summary>
public sealed record InstanceContext(Component Component, Instance Instance)
{
    public InstanceId Id => Instance.Id;

    public OptionValues Options => Instance.Options;

    /// <summary>The same component at another site; null where it has no instance there.</summary>
    public InstanceContext? At(SiteName site) => Component.At(site) is { } other ? new(Component, other) : null;
}

/// <summary>All that an action may need to know of the step that it is part of.</summary>
public sealed record StepContext
{
    /// <summary>The instance acted on; null for a custom step.</summary>
    public required InstanceContext? Instance { get; init; }

    /// <summary>Options of a custom step, else the instance's.</summary>
    public required OptionValues Options { get; init; }

    public required RunKind Kind { get; init; }

    /// <summary>The run's name, for whatever the action leaves behind (a folder of data kept aside).</summary>
    public required string Run { get; init; }

    /// <summary>Site that the service leaves, or left.</summary>
    public required SiteName From { get; init; }

    /// <summary>Site that it goes to, or went to.</summary>
    public required SiteName To { get; init; }

    /// <summary>The site that is lost as a whole, with all that stands there; null where only the service is, or nothing.</summary>
    public SiteName? Lost { get; init; }

    /// <summary>The epoch under which it acts; null where the component has none.</summary>
    public required long? Epoch { get; init; }

    /// <summary>True where a person accepted by name that this component may lose more than its RPO, or an unknown amount.</summary>
    public required bool LossAccepted { get; init; }

    /// <summary>The service's RPO; null where it has none.</summary>
    public required TimeSpan? Rpo { get; init; }

    /// <summary>How far the active copy had got when it was last seen; null where that is not known.</summary>
    public required Watermark? LastKnown { get; init; }

    /// <summary>When the first failure was seen; null where nothing failed.</summary>
    public required DateTimeOffset? Outage { get; init; }

    /// <summary>The same component at the site that the service leaves.</summary>
    public InstanceContext? Source => Instance?.At(From);

    /// <summary>The same component at the site that it goes to.</summary>
    public InstanceContext? Target => Instance?.At(To);
}
