using Kedge.Plan.Contracts;
using Kedge.Plan.Language;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>Each service says what is demanded, and the demands can be met as far as the plan alone tells.</summary>
internal static class ObjectivesInReach
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static void Check(PlanDraft plan, ProblemList problems)
    {
        foreach (var service in plan.Services)
        {
            Missing(service, problems);
            AgainstEachOther(service, problems);
            Detection(service, plan, problems);
            Needs(service, plan, problems);
            Loss(service, plan, problems);
            foreach (var component in service.Components)
            {
                Settling(component, service, problems);
            }
        }
    }

    private static void Missing(ServiceDraft service, ProblemList problems)
    {
        var rto = service.LacksObjective(ObjectivesKeys.Rto);
        var rpo = service.LacksObjective(ObjectivesKeys.Rpo) && service.Components.Any(c => c.HoldsData);
        if (rto || rpo)
        {
            var names = (rto, rpo) switch { (true, true) => "neither rto nor rpo", (true, false) => "no rto", _ => "no rpo, although it holds data" };
            problems.Add(
                ProblemCode.NoObjectives, service.Fields[ServiceKeys.Objectives]?.Key ?? service.Place, service.Path.Key(ServiceKeys.Objectives.Name),
                $"The service has {names}: nothing tells whether a recovery was good enough.", "Ask the business, and write `objectives: { rto: 2h, rpo: 5m }` with its answer.");
        }
    }

    private static void AgainstEachOther(ServiceDraft service, ProblemList problems)
    {
        if (service is { Rto: { } rto, Mtd: { } mtd } && mtd.Value < rto.Value)
        {
            problems.Add(
                ProblemCode.MtdBelowRto, mtd.Place, mtd.Path,
                $"The longest tolerable disruption, {Show(mtd)}, is shorter than the RTO, {Show(rto)}.", "Raise `mtd`, or lower `rto`.");
        }

        if (service.Rto is { } none && none.Value == TimeSpan.Zero)
        {
            problems.Add(ProblemCode.OddObjective, none.Place, none.Path, "Nothing recovers in no time at all.", "Write the time that the business can bear.");
        }

        if (service.Rpo is { } rpo && service.Components.Count > 0 && service.Components.All(c => c.Contract is { HoldsData: false }))
        {
            problems.Add(
                ProblemCode.OddObjective, rpo.Place, rpo.Path, "No component of the service holds data, so an RPO says nothing.",
                "Remove `rpo`, or add the component that holds the data.");
        }

        if (service is { Availability: { } share, Rto: { } once } && Year * (1 - share.Value) is var yearly && yearly < once.Value)
        {
            problems.Add(
                ProblemCode.OddObjective, share.Place, share.Path,
                $"This allows {Durations.Show(TimeSpan.FromSeconds(Math.Round(yearly.TotalSeconds)))} of outage a year: a single one that lasts the RTO of {Show(once)} breaks it.",
                "Lower `rto`, or the availability.");
        }
    }

    private static void Detection(ServiceDraft service, PlanDraft plan, ProblemList problems)
    {
        if (service.Rto is not { Value: { Ticks: > 0 } } rto)
        {
            return;
        }

        if (service.Checks.Count > 0 && service.Checks.MinBy(c => c.Detection)! is var fastest && fastest.Detection >= rto.Value)
        {
            problems.Add(
                ProblemCode.SlowDetection, fastest.Place, fastest.Path,
                $"Even the fastest check may take {Durations.Show(fastest.Detection)} to confirm an outage (interval, timeouts, confirmations); the RTO is {Show(rto)}.",
                "Check more often, with a shorter timeout or fewer confirmations, or raise `rto`.");
        }

        if (plan.DecisionOf(service)?.Deadline is { } deadline && deadline.Value >= rto.Value)
        {
            problems.Add(
                ProblemCode.SlowDetection, deadline.Place, rto.Path,
                $"A decision may take {Show(deadline)} before anything follows; the RTO of {Show(rto)} counts from the outage on, decision included.",
                "Shorten the decision's `deadline`, or raise `rto`.");
        }
    }

    private static void Needs(ServiceDraft service, PlanDraft plan, ProblemList problems)
    {
        if (service.Rto is not { } rto)
        {
            return;
        }

        foreach (var need in service.Needs)
        {
            if (!plan.ServicesByName.TryGetValue(need.Value, out var needed) || needed == service)
            {
                continue;
            }

            if (needed.Rto is { } other ? other.Value > rto.Value : needed.LacksObjective(ObjectivesKeys.Rto))
            {
                problems.Add(
                    ProblemCode.NeedsSlowerService, need.Place, need.Path,
                    $"The RTO here is {Show(rto)}, but {needed.Name}, which must serve first, has {(needed.Rto is { } slow ? $"one of {Show(slow)}" : "none")}.",
                    $"Give {needed.Name} an RTO of at most {Show(rto)}, or raise this one.");
            }
        }
    }

    private static void Loss(ServiceDraft service, PlanDraft plan, ProblemList problems)
    {
        if (service.Rpo is not { } rpo)
        {
            return;
        }

        var data = service.Components.Where(c => c.HoldsData).ToList();
        var marker = plan.Fields[PlanKeys.MarkerEvery]?.Content as TimeSpan? ?? Defaults.Duration(PlanKeys.MarkerEvery);
        if (data.Count > 0 && rpo.Value > TimeSpan.Zero && marker > rpo.Value)
        {
            problems.Add(
                ProblemCode.SlowMarkers, rpo.Place, rpo.Path,
                $"Loss is measured to {Durations.Show(marker)} (marker-every), which cannot tell whether an RPO of {Show(rpo)} was met.", "Lower `marker-every`, or raise `rpo`.");
        }

        foreach (var component in data.Where(c => c.InstancesKnown))
        {
            if (Protection(component) is { } why)
            {
                problems.Add(ProblemCode.RpoOutOfReach, component.Place, component.Path, $"The RPO is {Show(rpo)}, but {why}.", "Add an instance at a recovery site.");
            }
            else if (SmallestLoss(component, problems) is { } loss && loss > rpo.Value)
            {
                problems.Add(
                    ProblemCode.RpoOutOfReach, component.Place, component.Path,
                    $"As it is set up, this component may lose {Durations.Show(loss)} at best; the RPO is {Show(rpo)}.", "Protect it better (synchronous replication, say), or raise `rpo`.");
            }
        }
    }

    private static TimeSpan? SmallestLoss(ComponentDraft component, ProblemList problems)
    {
        var options = component.Instances.Select(i => i.Options).OfType<OptionValues>();
        return DriverReviews.TryAsk(
            component.Contract!, () => options.Select(component.Contract!.SmallestLoss!).DefaultIfEmpty().Max(), component.Place, component.Path, problems, out var loss)
            ? loss
            : null;
    }

    private static string? Protection(ComponentDraft component) =>
        component.Contract!.SmallestLoss is null ? $"the driver {component.Contract.Kind} protects no data"
        : component.Instances.Count < 2 ? "the data stands at one site only: losing that loses all of it"
        : null;

    private static void Settling(ComponentDraft component, ServiceDraft service, ProblemList problems)
    {
        if (service.Rto is not { } rto || component.Contract is not { } contract || contract.Actions.All(a => a.SettlesAfter is null))
        {
            return;
        }

        var detection = service.Checks.Select(c => c.Detection).DefaultIfEmpty().Min();
        foreach (var option in contract.Actions.Select(a => a.SettlesAfter).OfType<string>().Distinct())
        {
            var slowest = component.Instances.Where(i => i.Options?.Has(option) is true).OrderByDescending(i => i.Options!.Duration(option)).FirstOrDefault();
            if (slowest?.Options!.Duration(option) is { } settles && settles + detection >= rto.Value && detection < rto.Value)
            {
                problems.Add(
                    ProblemCode.SettlesTooSlowly, component.Place, component.Path,
                    $"A change reaches everybody only after {Durations.Show(settles)} ({option}). With {Durations.Show(detection)} to detect the outage, nothing is left of the RTO of {Show(rto)} for the recovery itself.",
                    $"Lower `{option}` well below the RTO, or raise `rto`.");
            }
        }
    }

    private static string Show(Placed<TimeSpan> time) => Durations.Show(time.Value);
}
