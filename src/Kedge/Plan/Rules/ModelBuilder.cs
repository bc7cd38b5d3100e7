using Kedge.Plan.Language;
using Kedge.Plan.Model;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>Makes the model of what the draft holds.</summary>
internal sealed class ModelBuilder(PlanDraft draft)
{
    private readonly Dictionary<ComponentDraft, Component> components = new(ReferenceEqualityComparer.Instance);

    /// <summary>One component; null where something of it is broken.</summary>
    public Component? Component(ServiceDraft service, ComponentDraft component)
    {
        if (components.TryGetValue(component, out var built))
        {
            return built;
        }

        if (component.Contract is null || !component.InstancesKnown || component.Instances.Any(i => i.Options is null))
        {
            return null;
        }

        var id = new ComponentId(new(service.Name), component.Name);
        var order = draft.RecoveryOf(service) is { } recovery && service.Primary is { } primary ? recovery.Prepend(primary.Value).ToList() : [];
        return components[component] = new()
        {
            Id = id,
            Title = component.Fields.Text(ComponentKeys.Title) ?? component.Name,
            Driver = component.Contract.Kind,
            Needs = [.. component.Needs.Select(n => n.Value).OrderBy(n => n.Component, StringComparer.Ordinal)],
            Redundancy = (int)(component.Redundancy?.Value ?? long.Parse(ComponentKeys.Redundancy.Default!)),
            Instances =
            [.. component.Instances
                .OrderBy(i => order.IndexOf(i.Site) is >= 0 and var index ? index : int.MaxValue).ThenBy(i => i.Site, StringComparer.Ordinal)
                .Select(i => new Instance(new(id, new(i.Site)), i.Options!))],
        };
    }

    /// <summary>The whole plan, of a draft without errors; its version is still to be told.</summary>
    public KedgePlan Plan() => new()
    {
        Name = draft.Fields.Text(PlanKeys.Name)!,
        Version = default,
        MarkerEvery = draft.Fields[PlanKeys.MarkerEvery]?.Content as TimeSpan? ?? Defaults.Duration(PlanKeys.MarkerEvery),
        Sites = [.. draft.Sites.OrderBy(s => s.Name, StringComparer.Ordinal).Select(Site)],
        Services = [.. draft.Services.OrderBy(s => s.Name, StringComparer.Ordinal).Select(Service)],
        People = [.. draft.People.Select(Person)],
        Decision = draft.Decision is { } rule ? Decision(rule) : new([], 1, null, AfterDeadline.Escalate),
        Risks = [.. (draft.Fields[PlanKeys.Risks]?.Items ?? []).Select(r => new Risk(
            r.Fields.Text(RiskKeys.Threat)!, r.Fields.Text(RiskKeys.Likelihood)!, r.Fields.Text(RiskKeys.Impact)!, r.Fields.Text(RiskKeys.Treatment)!))],
        Accept = [.. draft.Accept.Select(a => new Acceptance(
            a.Fields.Text(AcceptKeys.Warning)!, a.Fields.Text(AcceptKeys.At)!, a.Fields.Text(AcceptKeys.Because)!))],
    };

    private static Site Site(SiteDraft site) => new(
        new(site.Name),
        site.Title,
        site.Witness,
        [.. site.Fields!.List<string>(SiteKeys.RecoveredBy).Select(s => new SiteName(s.Value))],
        site.Fields[SiteKeys.Fence] is null ? null : [.. site.Fields.List<string>(SiteKeys.Fence).Select(a => a.Value)]);

    private Service Service(ServiceDraft service)
    {
        var recovery = draft.RecoveryOf(service)!;
        return new()
        {
            Name = new(service.Name),
            Title = service.Title,
            Primary = new(service.Primary!.Value),
            Recovery = [.. recovery.Select(r => new SiteName(r))],
            Objectives = new(service.Rto?.Value, service.Rpo?.Value, service.Mtd?.Value, service.Availability?.Value),
            Needs = [.. service.Needs.Select(n => new ServiceName(n.Value)).Order()],
            Components = [.. service.Components.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => Component(service, c)!)],
            Checks = [.. service.Checks.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => Check(c, recovery.Prepend(service.Primary.Value)))],
            Steps = [.. service.Steps.Select(Step)],
            Decision = service.Decision is { } rule ? Decision(rule) : null,
            CommitAfter = service.Fields[ServiceKeys.CommitAfter]?.Content as TimeSpan?,
        };
    }

    private static Check Check(CheckDraft check, IEnumerable<string> sites) => new()
    {
        Name = check.Name,
        Driver = check.Fields.Text(CheckKeys.Driver)!,
        At = check.Everywhere is { } alike
            ? sites.ToDictionary(s => new SiteName(s), _ => alike)
            : check.At.ToDictionary(i => new SiteName(i.Site), i => i.Options!),
        Every = check.Every,
        Timeout = check.Timeout,
        Confirmations = check.Confirmations,
        ConfirmEvery = check.ConfirmEvery,
    };

    private static CustomStep Step(StepDraft step)
    {
        var before = step.Fields.Text(StepKeys.Before);
        return new()
        {
            Name = step.Fields.Text(StepKeys.Name)!,
            Before = before is not null,
            Phase = PlanWords.Phases.Read(before ?? step.Fields.Text(StepKeys.After)!),
            Kinds = [.. step.Fields.List<string>(StepKeys.On).Select(k => PlanWords.RunKinds.Read(k.Value)).Distinct().Order()],
            Driver = step.Fields.Text(StepKeys.Driver)!,
            Options = step.Options!,
        };
    }

    private static Person Person(PlanValue person) => new(
        person.Fields.Text(PersonKeys.Name)!,
        person.Fields.Text(PersonKeys.Login),
        [.. person.Fields.List<string>(PersonKeys.Roles).Select(r => r.Value)],
        (IReadOnlyDictionary<string, string>?)person.Fields[PersonKeys.Contacts]?.Content ?? new Dictionary<string, string>());

    private static DecisionRule Decision(DecisionDraft rule) => new(
        [.. rule.Approvers.Select(a => a.Value)],
        (int)rule.Needed,
        rule.Deadline?.Value,
        rule.AfterDeadline is { } after ? PlanWords.AfterDeadlines.Read(after.Value) : AfterDeadline.Escalate);
}
