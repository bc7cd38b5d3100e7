using Kedge.Plan.Contracts;
using Kedge.Plan.Language;
using Kedge.Plan.Model;

namespace Kedge.Plan.Reading;

/// <summary>
/// The plan as far as it could be read, with the place of everything, for the rules to look at. What was broken is
/// null or left out here.
/// </summary>
internal sealed class PlanDraft
{
    /// <summary>False where a part of a file was lost, so that what seems not to be there may be.</summary>
    public required bool Whole { get; init; }

    public required Fields Fields { get; init; }

    public required IReadOnlyList<SiteDraft> Sites { get; init; }

    public required IReadOnlyList<ServiceDraft> Services { get; init; }

    public required IReadOnlyList<PlanValue> People { get; init; }

    public required IReadOnlyList<PlanValue> Accept { get; init; }

    public required DecisionDraft? Decision { get; init; }

    public required IReadOnlyDictionary<string, SiteDraft> SitesByName { get; init; }

    public required IReadOnlyDictionary<string, ServiceDraft> ServicesByName { get; init; }

    /// <summary>The rule that holds for a service; null where there is none, or it is broken.</summary>
    public DecisionDraft? DecisionOf(ServiceDraft service) => service.Fields[ServiceKeys.Decision] is null ? Decision : service.Decision;

    /// <summary>
    /// Where a service may be recovered, the preferred site first: what it says, else what its primary site says. Null
    /// where that is not known because something is broken.
    /// </summary>
    public IReadOnlyList<string>? RecoveryOf(ServiceDraft service)
    {
        if (!service.Fields.Lacks(ServiceKeys.Recovery))
        {
            return service.Fields[ServiceKeys.Recovery] is null ? null : [.. service.Recovery.Select(r => r.Value)];
        }

        return service.Primary is { } primary && SitesByName.GetValueOrDefault(primary.Value) is { Fields: { } site }
            && (site[SiteKeys.RecoveredBy] is not null || site.Lacks(SiteKeys.RecoveredBy))
            ? [.. site.List<string>(SiteKeys.RecoveredBy).Select(r => r.Value).Where(r => r != primary.Value).Distinct()]
            : null;
    }
}

/// <param name="Fields">Null where the site is broken; its name counts all the same.</param>
internal sealed record SiteDraft(string Name, Place Place, KeyPath Path, Fields? Fields)
{
    public bool Witness => Fields?[SiteKeys.Witness]?.Content is true;

    public string Title => Fields?.Text(SiteKeys.Title) ?? Name;
}

internal sealed record ServiceDraft(string Name, Place Place, KeyPath Path, Fields Fields)
{
    public required IReadOnlyList<ComponentDraft> Components { get; init; }

    public required IReadOnlyDictionary<string, ComponentDraft> ComponentsByName { get; init; }

    public required IReadOnlyList<CheckDraft> Checks { get; init; }

    public required IReadOnlyList<StepDraft> Steps { get; init; }

    public required DecisionDraft? Decision { get; init; }

    public string Title => Fields.Text(ServiceKeys.Title) ?? Name;

    public Placed<string>? Primary { get; } = Fields.Placed<string>(ServiceKeys.Primary);

    public IReadOnlyList<Placed<string>> Recovery { get; } = Fields.List<string>(ServiceKeys.Recovery);

    public IReadOnlyList<Placed<string>> Needs { get; } = Fields.List<string>(ServiceKeys.Needs);

    public Placed<TimeSpan>? Rto { get; } = Objective<TimeSpan>(Fields, ObjectivesKeys.Rto);

    public Placed<TimeSpan>? Rpo { get; } = Objective<TimeSpan>(Fields, ObjectivesKeys.Rpo);

    public Placed<TimeSpan>? Mtd { get; } = Objective<TimeSpan>(Fields, ObjectivesKeys.Mtd);

    public Placed<double>? Availability { get; } = Objective<double>(Fields, ObjectivesKeys.Availability);

    /// <summary>Whether an objective is surely not set.</summary>
    public bool LacksObjective(PlanKey key) =>
        Fields[ServiceKeys.Objectives]?.Fields.Lacks(key) ?? Fields.Lacks(ServiceKeys.Objectives);

    private static Placed<T>? Objective<T>(Fields fields, PlanKey key) => fields[ServiceKeys.Objectives]?.Fields.Placed<T>(key);
}

internal sealed record ComponentDraft(string Name, Place Place, KeyPath Path, Fields Fields)
{
    /// <summary>Null where the driver is unknown or cannot be a component.</summary>
    public required DriverContract? Contract { get; init; }

    public required IReadOnlyList<InstanceDraft> Instances { get; init; }

    public IReadOnlyList<Placed<Dependency>> Needs { get; } = Fields.List<Dependency>(ComponentKeys.Needs);

    public Placed<long>? Redundancy { get; } = Fields.Placed<long>(ComponentKeys.Redundancy);

    public bool HoldsData => Contract?.HoldsData is true;

    /// <summary>Whether all its instances could be read, so that what is not among them does not exist.</summary>
    public bool InstancesKnown => Fields[ComponentKeys.At] is not null;

    public bool IsAt(string site) => Instances.Any(i => i.Site == site);

    /// <summary>
    /// Where an option is given (at the instance, else for all of them), and the key that it has in the plan's canonical
    /// text, so that what was accepted in the plan's file is accepted there too.
    /// </summary>
    /// <param name="instance">Null for the component as a whole.</param>
    /// <param name="option">Null for all options.</param>
    public (Place Place, KeyPath Path) Where(InstanceDraft? instance, string? option)
    {
        var at = instance is null ? null : Fields.Named(ComponentKeys.At).FirstOrDefault(n => n.Name == instance.Site)?.Value;
        var path = instance is null ? Path : option is null ? instance.Path : instance.Path.Key(option);
        return (OptionPlaces.Of(option, at, Fields[ComponentKeys.Options]) ?? instance?.Place ?? Place, path);
    }
}

/// <param name="Options">Null where they are broken.</param>
internal sealed record InstanceDraft(string Site, Place Place, KeyPath Path, OptionValues? Options);

internal sealed record CheckDraft(string Name, Place Place, KeyPath Path, Fields Fields)
{
    /// <summary>Null where the driver is unknown or cannot check.</summary>
    public required DriverContract? Contract { get; init; }

    /// <summary>Options by site; empty where the check is made at every site of the service alike.</summary>
    public required IReadOnlyList<InstanceDraft> At { get; init; }

    /// <summary>Options for every site alike; null where the check names sites, or they are broken.</summary>
    public required OptionValues? Everywhere { get; init; }

    public TimeSpan Every => Time(CheckKeys.Every);

    public TimeSpan Timeout => Time(CheckKeys.Timeout);

    public TimeSpan ConfirmEvery => Time(CheckKeys.ConfirmEvery);

    public int Confirmations => (int)(Fields[CheckKeys.Confirmations]?.Content as long? ?? long.Parse(CheckKeys.Confirmations.Default!));

    /// <summary>Longest time from an outage until it is confirmed: the next check, and each one until its timeout.</summary>
    public TimeSpan Detection => Every + (Timeout * (1 + Confirmations)) + (ConfirmEvery * Confirmations);

    private TimeSpan Time(PlanKey key) => Fields[key]?.Content as TimeSpan? ?? Defaults.Duration(key);
}

/// <param name="Contract">Null where the driver is unknown or cannot be a step.</param>
/// <param name="Options">Null where they are broken.</param>
internal sealed record StepDraft(PlanValue Value, DriverContract? Contract, OptionValues? Options)
{
    public Fields Fields => Value.Fields;
}

internal sealed record DecisionDraft(Place Place, Place Key, KeyPath Path, Fields Fields)
{
    public IReadOnlyList<Placed<string>> Approvers { get; } = Fields.List<string>(DecisionKeys.Approvers);

    public Placed<TimeSpan>? Deadline { get; } = Fields.Placed<TimeSpan>(DecisionKeys.Deadline);

    public Placed<string>? AfterDeadline { get; } = Fields.Placed<string>(DecisionKeys.AfterDeadline);

    public long Needed => Fields[DecisionKeys.Needed]?.Content as long? ?? long.Parse(DecisionKeys.Needed.Default!);

    public bool Proceeds => AfterDeadline?.Value == PlanWords.AfterDeadlines.Show(Model.AfterDeadline.Proceed);
}

/// <summary>Defaults of the language as values.</summary>
internal static class Defaults
{
    public static TimeSpan Duration(PlanKey key) =>
        Durations.TryParse(key.Default!, out var value) ? value : throw new InvalidOperationException($"the default of '{key.Name}' is no duration");
}
