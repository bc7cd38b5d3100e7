using Kedge.Plan.Contracts;
using Kedge.Plan.Language;

namespace Kedge.Plan.Reading;

/// <summary>Makes the draft: finds each component's driver and reads the options that belong to it.</summary>
internal sealed class DraftReader(IReadOnlyDictionary<string, DriverContract> drivers, OptionReader options, ProblemList problems)
{
    public PlanDraft Read(Fields plan, bool whole)
    {
        var sites = plan.Named(PlanKeys.Sites).Select(s => new SiteDraft(s.Name, s.Key, s.Path, s.Value?.Fields)).ToList();
        var services = new List<ServiceDraft>();
        foreach (var service in plan.Named(PlanKeys.Services))
        {
            services.Add(Service(service));
        }

        return new()
        {
            Whole = whole,
            Fields = plan,
            Sites = sites,
            Services = services,
            People = plan[PlanKeys.People]?.Items ?? [],
            Accept = plan[PlanKeys.Accept]?.Items ?? [],
            Decision = Decision(plan[PlanKeys.Decision]),
            SitesByName = sites.ToDictionary(s => s.Name),
            ServicesByName = services.ToDictionary(s => s.Name),
        };
    }

    private ServiceDraft Service(NamedValue service)
    {
        var fields = service.Value?.Fields ?? Fields.Lost;
        var components = fields.Named(ServiceKeys.Components).Select(Component).ToList();
        return new(service.Name, service.Key, service.Path, fields)
        {
            Components = components,
            ComponentsByName = components.ToDictionary(c => c.Name),
            Checks = [.. fields.Named(ServiceKeys.Checks).Where(c => c.Value is not null).Select(Check)],
            Steps = [.. (fields[ServiceKeys.Steps]?.Items ?? []).Select(Step)],
            Decision = Decision(fields[ServiceKeys.Decision]),
        };
    }

    private ComponentDraft Component(NamedValue component)
    {
        var fields = component.Value?.Fields ?? Fields.Lost;
        var contract = Driver(fields, ComponentKeys.Driver, OptionShapes.CanBeComponent, "be a component");
        return new(component.Name, component.Key, component.Path, fields)
        {
            Contract = contract,
            Instances = Instances(contract, OptionUse.Component, fields[ComponentKeys.Options], fields.Named(ComponentKeys.At)),
        };
    }

    private CheckDraft Check(NamedValue check)
    {
        var fields = check.Value!.Fields;
        var contract = Driver(fields, CheckKeys.Driver, OptionShapes.CanCheck, "check");
        var everywhere = fields.Lacks(CheckKeys.At) && contract is not null
            ? options.Lay(contract, OptionUse.Check, options.Layer(contract, OptionUse.Check, fields[CheckKeys.Options]), OptionLayer.None, check.Key, check.Path)
            : null;
        return new(check.Name, check.Key, check.Path, fields)
        {
            At = Instances(contract, OptionUse.Check, fields.Lacks(CheckKeys.At) ? null : fields[CheckKeys.Options], fields.Named(CheckKeys.At)),
            Contract = contract,
            Everywhere = everywhere,
        };
    }

    private StepDraft Step(PlanValue step)
    {
        var contract = Driver(step.Fields, StepKeys.Driver, OptionShapes.CanBeStep, "be a step");
        var layer = contract is null ? null : options.Layer(contract, OptionUse.Step, step.Fields[StepKeys.Options]);
        return new(step, contract, layer is null ? null : options.Lay(contract!, OptionUse.Step, layer, OptionLayer.None, step.Key, step.Path));
    }

    private List<InstanceDraft> Instances(DriverContract? contract, OptionUse use, PlanValue? common, IReadOnlyList<NamedValue> at)
    {
        var below = contract is null ? OptionLayer.None : options.Layer(contract, use, common);
        var instances = new List<InstanceDraft>();
        foreach (var instance in at)
        {
            var values = contract is null || instance.Value is null
                ? null
                : options.Lay(contract, use, below, options.Layer(contract, use, instance.Value), instance.Key, instance.Path);
            instances.Add(new(instance.Name, instance.Key, instance.Path, values));
        }

        return instances;
    }

    private DriverContract? Driver(Fields fields, PlanKey key, Func<DriverContract, bool> can, string use)
    {
        if (fields.Placed<string>(key) is not { } driver)
        {
            return null;
        }

        List<string> Able() => [.. drivers.Values.Where(can).Select(d => d.Kind).Order(StringComparer.Ordinal)];
        if (!drivers.TryGetValue(driver.Value, out var contract))
        {
            problems.Add(
                ProblemCode.UnknownDriver, driver.Place, driver.Path, $"There is no driver {Quote.Text(driver.Value)}.",
                problems.Suggest(driver.Value, Able()) is { } near ? $"Write '{near}'." : $"Write {Listing.Or(Able())}.");
            return null;
        }

        if (!can(contract))
        {
            problems.Add(
                ProblemCode.DriverCannot, driver.Place, driver.Path, $"The driver {contract.Kind} cannot {use}.", $"Write {Listing.Or(Able())}.");
            return null;
        }

        return contract;
    }

    private static DecisionDraft? Decision(PlanValue? value) => value is null ? null : new(value.Place, value.Key, value.Path, value.Fields);
}
