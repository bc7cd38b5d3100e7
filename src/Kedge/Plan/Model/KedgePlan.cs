namespace Kedge.Plan.Model;

/// <summary>A validated plan: every name in it resolves, every option has its type.</summary>
public sealed record KedgePlan
{
    public required string Name { get; init; }

    public required PlanVersion Version { get; init; }

    /// <summary>By name: plans that say the same in another order, or in other files, are the same plan.</summary>
    public required IReadOnlyList<Site> Sites { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<Service> Services { get; init; }

    public required IReadOnlyList<Person> People { get; init; }

    /// <summary>Holds for every service that has no rule of its own.</summary>
    public required DecisionRule Decision { get; init; }

    public required IReadOnlyList<Risk> Risks { get; init; }

    /// <summary>How often a marker row is written to each data store; one second unless the plan says otherwise.</summary>
    public required TimeSpan MarkerEvery { get; init; }

    /// <summary>Warnings of validation that the plan accepts, with the reasons.</summary>
    public IReadOnlyList<Acceptance> Accept { get; init; } = [];

    public Site? FindSite(SiteName name) => Sites.FirstOrDefault(s => s.Name == name);

    public Service? FindService(ServiceName name) => Services.FirstOrDefault(s => s.Name == name);

    public Component? FindComponent(ComponentId id) =>
        FindService(id.Service)?.Components.FirstOrDefault(c => c.Id == id);
}

/// <summary>A place where instances run, or a witness that runs none but votes.</summary>
/// <param name="RecoveredBy">Sites that take over from this one, the preferred first.</param>
/// <param name="Fence">A command that cuts this site off from outside (power, network), run where Kedge still lives; null where none exists.</param>
public sealed record Site(
    SiteName Name, string Title, bool Witness, IReadOnlyList<SiteName> RecoveredBy, IReadOnlyList<string>? Fence);

/// <summary>A line of business: what a customer would miss.</summary>
public sealed record Service
{
    public required ServiceName Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The normal active site.</summary>
    public required SiteName Primary { get; init; }

    /// <summary>Where the service may be recovered, the preferred site first.</summary>
    public required IReadOnlyList<SiteName> Recovery { get; init; }

    public required Objectives Objectives { get; init; }

    /// <summary>Other services that must serve before this one can.</summary>
    public required IReadOnlyList<ServiceName> Needs { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<Check> Checks { get; init; }

    /// <summary>In the order in which the plan lists them.</summary>
    public required IReadOnlyList<CustomStep> Steps { get; init; }

    /// <summary>The service's own rule, or null for the plan's.</summary>
    public required DecisionRule? Decision { get; init; }

    /// <summary>Null: an operator commits a failover. Otherwise it is committed by itself after this time, unless it was rolled back.</summary>
    public required TimeSpan? CommitAfter { get; init; }

    /// <summary>The primary site, then the recovery sites.</summary>
    public IEnumerable<SiteName> AllSites => Recovery.Prepend(Primary);
}

/// <summary>What the business demands. A null objective was not set, which is not the same as zero.</summary>
/// <param name="Rto">Longest tolerable time from outage to recovery.</param>
/// <param name="Rpo">Longest tolerable loss of data, in time.</param>
/// <param name="Mtd">Longest tolerable disruption in all.</param>
/// <param name="Availability">Share of time, 0 to 1.</param>
public sealed record Objectives(TimeSpan? Rto, TimeSpan? Rpo, TimeSpan? Mtd, double? Availability);

/// <summary>A part of a service that is recovered as one.</summary>
public sealed record Component
{
    public required ComponentId Id { get; init; }

    public required string Title { get; init; }

    /// <summary>Kind of driver; its contract is in <see cref="Contracts.DriverContract"/>.</summary>
    public required string Driver { get; init; }

    public required IReadOnlyList<Dependency> Needs { get; init; }

    /// <summary>Redundant units at one site, as the plan states it (1 = none, 2 = N+1 of one).</summary>
    public required int Redundancy { get; init; }

    /// <summary>At most one per site: the service's sites in their order, then others by name.</summary>
    public required IReadOnlyList<Instance> Instances { get; init; }

    public Instance? At(SiteName site) => Instances.FirstOrDefault(i => i.Id.Site == site);
}

/// <summary>One component at one site.</summary>
/// <param name="Options">The component's options with those of the instance laid over them, defaults filled in.</param>
public sealed record Instance(InstanceId Id, Contracts.OptionValues Options);

/// <summary>A need for another component of the same service.</summary>
/// <param name="Component">Name within the service.</param>
/// <param name="AcrossSites">
/// True where this component reaches the other at whichever site it is active, so that in a planned move it may run
/// at the new site, with traffic, before the data moves.
/// </param>
public sealed record Dependency(string Component, bool AcrossSites);

/// <summary>An end-to-end test of a service.</summary>
public sealed record Check
{
    public required string Name { get; init; }

    /// <summary>Kind of driver that can check (see <see cref="Contracts.DriverContract.Checks"/>).</summary>
    public required string Driver { get; init; }

    /// <summary>Options of the check as it is made against each site.</summary>
    public required IReadOnlyDictionary<SiteName, Contracts.OptionValues> At { get; init; }

    public required TimeSpan Every { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>How many failures must follow the first before the service counts as down.</summary>
    public required int Confirmations { get; init; }

    /// <summary>Time between a failure and the check that is to confirm it.</summary>
    public required TimeSpan ConfirmEvery { get; init; }
}

/// <summary>Who may decide on a failover, how many it takes, and what happens when nobody answers.</summary>
/// <param name="Approvers">Names of people, or of roles; empty where the plan names nobody, so that whoever may give the command decides.</param>
/// <param name="Needed">How many of them must approve.</param>
/// <param name="Deadline">Null: it waits for ever.</param>
/// <param name="AfterDeadline">What follows a deadline that passed without a decision.</param>
public sealed record DecisionRule(
    IReadOnlyList<string> Approvers, int Needed, TimeSpan? Deadline, AfterDeadline AfterDeadline);

/// <summary>What follows a decision's deadline.</summary>
public enum AfterDeadline
{
    /// <summary>The incident is marked as escalated and goes on waiting.</summary>
    Escalate,

    /// <summary>The run starts without a person; allowed only where fencing is automatic.</summary>
    Proceed,
}

/// <summary>Somebody with a part in recovery. Contacts are addresses of channels (email, phone …), never secrets.</summary>
/// <param name="Login">Name on the machines where commands are given; null where the person gives none.</param>
public sealed record Person(
    string Name, string? Login, IReadOnlyList<string> Roles, IReadOnlyDictionary<string, string> Contacts);

/// <summary>A threat that the business has weighed.</summary>
public sealed record Risk(string Threat, string Likelihood, string Impact, string Treatment);

/// <summary>A warning of validation that is meant.</summary>
/// <param name="Warning">Its code.</param>
/// <param name="At">The key that it is about, or one that holds it.</param>
public sealed record Acceptance(string Warning, string At, string Because);

/// <summary>A step of the plan's own, before or after a phase.</summary>
public sealed record CustomStep
{
    public required string Name { get; init; }

    public required bool Before { get; init; }

    public required Phase Phase { get; init; }

    /// <summary>Kinds of run that include it.</summary>
    public required IReadOnlyList<RunKind> Kinds { get; init; }

    /// <summary>A driver with an action of role <see cref="Contracts.ActionRole.Custom"/>: command, http or manual.</summary>
    public required string Driver { get; init; }

    public required Contracts.OptionValues Options { get; init; }
}
