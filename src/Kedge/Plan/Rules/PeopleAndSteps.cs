using Kedge.Plan.Language;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>People and steps are told apart, and each step has one place in a run.</summary>
internal static class PeopleAndSteps
{
    public static void Check(PlanDraft plan, ProblemList problems)
    {
        OnlyOnce(plan.People, PersonKeys.Name, "person", problems);
        OnlyOnce(plan.People, PersonKeys.Login, "login", problems);
        foreach (var service in plan.Services)
        {
            OnlyOnce([.. service.Steps.Select(s => s.Value)], StepKeys.Name, "step", problems);
            foreach (var step in service.Steps)
            {
                Place(step.Value, problems);
            }
        }
    }

    private static void OnlyOnce(IReadOnlyList<PlanValue> items, PlanKey key, string noun, ProblemList problems)
    {
        var first = new Dictionary<string, Placed<string>>();
        foreach (var name in items.Select(i => i.Fields.Placed<string>(key)).OfType<Placed<string>>())
        {
            if (!first.TryAdd(name.Value, name))
            {
                problems.Add(
                    ProblemCode.Repeated, name.Place, name.Path, $"There is another {noun} {Quote.Text(name.Value)} at {first[name.Value].Place}.",
                    "Give each its own.");
            }
        }
    }

    private static void Place(PlanValue step, ProblemList problems)
    {
        var fields = step.Fields;
        if (fields[StepKeys.Before] is not null && fields[StepKeys.After] is { } after)
        {
            problems.Add(
                ProblemCode.Exclusive, after.Key, after.Path, "A step comes either before a phase or after one; this one says both.", "Keep `before` or `after`.");
        }
        else if (fields.Lacks(StepKeys.Before) && fields.Lacks(StepKeys.After))
        {
            problems.Add(
                ProblemCode.Exclusive, step.Key, step.Path, "The step does not say where in a run it belongs.",
                $"Add `before:` or `after:` with one of {string.Join(", ", PlanWords.Phases.Words)}.");
        }
    }
}
