using System.Globalization;
using Kedge.Plan.Contracts;
using Kedge.Plan.Language;
using Kedge.Plan.Model;

namespace Kedge.Plan.Text;

/// <summary>
/// A plan as a tree in its own language, with everything said that the plan leaves to defaults, in one order: what is
/// written, hashed and compared.
/// </summary>
internal static class CanonicalTree
{
    public static TreeMap Of(KedgePlan plan)
    {
        var tree = new TreeMap();
        tree.Add(PlanKeys.Name, plan.Name);
        tree.Add(PlanKeys.MarkerEvery, plan.MarkerEvery);
        tree.Add(PlanKeys.Sites, Named(plan.Sites, s => s.Name.Value, Site));
        tree.AddUnlessEmpty(PlanKeys.People, plan.People.Select(Person));
        if (plan.Decision.Approvers.Count > 0)
        {
            tree.Add(PlanKeys.Decision, Decision(plan.Decision));
        }

        tree.Add(PlanKeys.Services, Named(plan.Services, s => s.Name.Value, Service));
        tree.AddUnlessEmpty(PlanKeys.Risks, plan.Risks.Select(Risk));
        tree.AddUnlessEmpty(PlanKeys.Accept, plan.Accept.Select(Accept));
        return tree;
    }

    private static TreeMap Named<T>(IEnumerable<T> items, Func<T, string> name, Func<T, TreeMap> tree)
    {
        var map = new TreeMap();
        foreach (var item in items.OrderBy(name, StringComparer.Ordinal))
        {
            map.Add(name(item), tree(item));
        }

        return map;
    }

    private static TreeMap Site(Site site)
    {
        var tree = new TreeMap();
        tree.Add(SiteKeys.Title, site.Title);
        if (site.Witness)
        {
            tree.Add(SiteKeys.Witness, true);
        }

        tree.AddUnlessEmpty(SiteKeys.RecoveredBy, site.RecoveredBy.Select(s => s.Value));
        tree.AddUnlessEmpty(SiteKeys.Fence, site.Fence ?? []);
        return tree;
    }

    private static TreeMap Person(Person person)
    {
        var tree = new TreeMap();
        tree.Add(PersonKeys.Name, person.Name);
        tree.AddUnlessNull(PersonKeys.Login, person.Login);
        tree.AddUnlessEmpty(PersonKeys.Roles, person.Roles);
        if (person.Contacts.Count > 0)
        {
            tree.Add(PersonKeys.Contacts, Value(person.Contacts));
        }

        return tree;
    }

    private static TreeMap Decision(DecisionRule rule)
    {
        var tree = new TreeMap();
        tree.AddUnlessEmpty(DecisionKeys.Approvers, rule.Approvers);
        tree.Add(DecisionKeys.Needed, (long)rule.Needed);
        tree.AddUnlessNull(DecisionKeys.Deadline, rule.Deadline);
        if (rule.Deadline is not null || rule.AfterDeadline is AfterDeadline.Proceed)
        {
            tree.Add(DecisionKeys.AfterDeadline, PlanWords.AfterDeadlines.Show(rule.AfterDeadline));
        }

        return tree;
    }

    private static TreeMap Service(Service service)
    {
        var tree = new TreeMap();
        tree.Add(ServiceKeys.Title, service.Title);
        tree.Add(ServiceKeys.Primary, service.Primary.Value);
        tree.AddUnlessEmpty(ServiceKeys.Recovery, service.Recovery.Select(s => s.Value));
        var objectives = Objectives(service.Objectives);
        if (objectives.Entries.Count > 0)
        {
            tree.Add(ServiceKeys.Objectives, objectives);
        }

        tree.AddUnlessEmpty(ServiceKeys.Needs, service.Needs.Select(n => n.Value));
        if (service.Decision is { } rule)
        {
            tree.Add(ServiceKeys.Decision, Decision(rule));
        }

        tree.AddUnlessNull(ServiceKeys.CommitAfter, service.CommitAfter);
        tree.Add(ServiceKeys.Components, Named(service.Components, c => c.Id.Name, Component));
        if (service.Checks.Count > 0)
        {
            tree.Add(ServiceKeys.Checks, Named(service.Checks, c => c.Name, Check));
        }

        tree.AddUnlessEmpty(ServiceKeys.Steps, service.Steps.Select(Step));
        return tree;
    }

    private static TreeMap Objectives(Objectives objectives)
    {
        var tree = new TreeMap();
        tree.AddUnlessNull(ObjectivesKeys.Rto, objectives.Rto);
        tree.AddUnlessNull(ObjectivesKeys.Rpo, objectives.Rpo);
        tree.AddUnlessNull(ObjectivesKeys.Mtd, objectives.Mtd);
        tree.AddUnlessNull(ObjectivesKeys.Availability, objectives.Availability);
        return tree;
    }

    private static TreeMap Component(Component component)
    {
        var tree = new TreeMap();
        tree.Add(ComponentKeys.Title, component.Title);
        tree.Add(ComponentKeys.Driver, component.Driver);
        tree.AddUnlessEmpty(ComponentKeys.Needs, component.Needs.Select(Need));
        tree.Add(ComponentKeys.Redundancy, (long)component.Redundancy);
        tree.Add(ComponentKeys.At, Named(component.Instances, i => i.Id.Site.Value, i => Options(i.Options)));
        return tree;
    }

    private static object Need(Dependency need)
    {
        if (!need.AcrossSites)
        {
            return need.Component;
        }

        var tree = new TreeMap();
        tree.Add(need.Component, NeedShape.AcrossSites);
        return tree;
    }

    private static TreeMap Check(Check check)
    {
        var tree = new TreeMap();
        tree.Add(CheckKeys.Driver, check.Driver);
        tree.Add(CheckKeys.Every, check.Every);
        tree.Add(CheckKeys.Timeout, check.Timeout);
        tree.Add(CheckKeys.Confirmations, (long)check.Confirmations);
        tree.Add(CheckKeys.ConfirmEvery, check.ConfirmEvery);
        tree.Add(CheckKeys.At, Named(check.At, a => a.Key.Value, a => Options(a.Value)));
        return tree;
    }

    private static TreeMap Step(CustomStep step)
    {
        var tree = new TreeMap();
        tree.Add(StepKeys.Name, step.Name);
        tree.Add(step.Before ? StepKeys.Before : StepKeys.After, PlanWords.Phases.Show(step.Phase));
        tree.AddUnlessEmpty(StepKeys.On, step.Kinds.Select(PlanWords.RunKinds.Show));
        tree.Add(StepKeys.Driver, step.Driver);
        var options = Options(step.Options);
        if (options.Entries.Count > 0)
        {
            tree.Add(StepKeys.Options, options);
        }

        return tree;
    }

    private static TreeMap Risk(Risk risk)
    {
        var tree = new TreeMap();
        tree.Add(RiskKeys.Threat, risk.Threat);
        tree.Add(RiskKeys.Likelihood, risk.Likelihood);
        tree.Add(RiskKeys.Impact, risk.Impact);
        tree.Add(RiskKeys.Treatment, risk.Treatment);
        return tree;
    }

    private static TreeMap Accept(Acceptance acceptance)
    {
        var tree = new TreeMap();
        tree.Add(AcceptKeys.Warning, acceptance.Warning);
        tree.Add(AcceptKeys.At, acceptance.At);
        tree.Add(AcceptKeys.Because, acceptance.Because);
        return tree;
    }

    private static TreeMap Options(OptionValues options)
    {
        var tree = new TreeMap();
        foreach (var name in options.Names)
        {
            tree.Add(name, Value(options[name]));
        }

        return tree;
    }

    /// <summary>As the plan spells it: text, whole number, truth value, list of these, or mapping.</summary>
    internal static object Value(object value) => value switch
    {
        string or bool or long or TreeMap => value,
        string[] items => items.ToList<object>(),
        TimeSpan duration => Durations.Show(duration),
        double share => ((decimal)share * 100).ToString("0.######", CultureInfo.InvariantCulture) + "%",
        ByteCount or SecretReference => value.ToString()!,
        IReadOnlyDictionary<string, string> texts => Texts(texts),
        IEnumerable<object> items => items.Select(Value).ToList(),
        _ => throw new ArgumentException($"a plan has no values of type {value.GetType().Name}", nameof(value)),
    };

    private static TreeMap Texts(IReadOnlyDictionary<string, string> texts)
    {
        var map = new TreeMap();
        foreach (var (name, text) in texts.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            map.Add(name, text);
        }

        return map;
    }
}

/// <summary>A mapping whose entries have an order.</summary>
internal sealed class TreeMap
{
    private readonly List<KeyValuePair<string, object>> entries = [];

    public IReadOnlyList<KeyValuePair<string, object>> Entries => entries;

    public void Add(string name, object value) => entries.Add(new(name, value));

    public void Add(PlanKey key, object value) => Add(key.Name, CanonicalTree.Value(value));

    public void AddUnlessNull(PlanKey key, object? value)
    {
        if (value is not null)
        {
            Add(key, value);
        }
    }

    public void AddUnlessEmpty(PlanKey key, IEnumerable<object> items)
    {
        var list = items.ToList();
        if (list.Count > 0)
        {
            Add(key, list);
        }
    }
}
