using Kedge.Plan.Language;
using Kedge.Plan.Model;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>What the drivers themselves remark on their components.</summary>
internal static class DriverReviews
{
    /// <summary>The code of a driver's finding that something other than Kedge may start its data store.</summary>
    private const string BootStart = "boot-start";

    public static void Check(PlanDraft plan, ModelBuilder builder, ProblemList problems)
    {
        foreach (var service in plan.Services)
        {
            var proceeds = plan.DecisionOf(service)?.Proceeds is true;
            foreach (var draft in service.Components)
            {
                if (builder.Component(service, draft) is { } component)
                {
                    Review(draft, component, proceeds, problems);
                }
            }
        }
    }

    private static void Review(ComponentDraft draft, Component component, bool proceeds, ProblemList problems)
    {
        try
        {
            foreach (var finding in draft.Contract!.Review(component))
            {
                var instance = draft.Instances.FirstOrDefault(i => i.Site == finding.Site?.Value);
                var (place, path) = draft.Where(instance, finding.Option);
                if (finding.Code == BootStart && proceeds)
                {
                    problems.Add(
                        ProblemCode.ProceedDespiteBoot, place, path, $"{finding.What} A failover that may start without a person (after-deadline: proceed) is not safe beside that.",
                        $"{finding.Fix} Or write `after-deadline: escalate`.");
                }
                else
                {
                    problems.Add(
                        $"{draft.Contract.Kind}.{finding.Code}", finding.IsError ? ProblemSeverity.Error : ProblemSeverity.Warning, place, path, finding.What, finding.Fix);
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problems.Add(
                ProblemCode.ReviewFailed, draft.Place, draft.Path, $"The driver {draft.Contract!.Kind} failed while it looked at its options: {e.GetType().Name}.",
                "This is a defect of the driver: please report it with the options of this component, without secrets.");
        }
    }
}
