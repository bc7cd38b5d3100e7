using Kedge.CommandLine.Rendering.Text;
using Kedge.Plan;

namespace Kedge.CommandLine.Rendering.Plans;

/// <summary>What is wrong with a plan: each with its place, as compilers write it, so that editors can jump there.</summary>
internal static class ProblemPage
{
    public static Page Of(PlanReading reading, int width)
    {
        var page = new Page(width);
        foreach (var problem in reading.Problems)
        {
            Add(page, problem);
        }

        if (reading.Accepted.Count > 0)
        {
            page.Heading("Accepted by the plan");
            foreach (var accepted in reading.Accepted)
            {
                page.Paragraph(Styled.Quiet($"{accepted.Problem.Code} {accepted.Problem.Path}: {accepted.Problem.What} Accepted because: {accepted.Because}"), 2);
            }
        }

        page.Gap().Paragraph(Summary(reading));
        return page;
    }

    private static void Add(Page page, PlanProblem problem)
    {
        var severity = problem.IsError ? Styled.Bad("error") : Styled.Warning("warning");
        page.Paragraph(Styled.Strong($"{problem.File}:{problem.Line}:{problem.Column}: ") + severity + $" {problem.Code}");
        page.Paragraph((problem.Path.Length > 0 ? Styled.Accent($"{problem.Path}: ") : "") + problem.What, 4);
        page.Paragraph($"fix: {problem.Fix}", 4);
    }

    private static Styled Summary(PlanReading reading)
    {
        var errors = reading.Problems.Count(p => p.IsError);
        var warnings = reading.Problems.Count - errors;
        var counts = $"{Figures.Count(errors, "error")}, {Figures.Count(warnings, "warning")}" + (reading.Accepted.Count > 0 ? $", {reading.Accepted.Count} accepted" : "");
        if (reading.Plan is not { } plan)
        {
            return Styled.Bad($"The plan cannot be used: {counts}.");
        }

        var what = $"{Figures.Count(plan.Services.Count, "service")}, {Figures.Count(plan.Services.Sum(s => s.Components.Count), "component")}, {Figures.Count(plan.Sites.Count, "site")}";
        return (warnings == 0 ? Styled.Good($"{plan.Name} is valid") : Styled.Warning($"{plan.Name} is valid, with {Figures.Count(warnings, "warning")}"))
            + $": {what}; {counts}; version {plan.Version.Short}.";
    }
}
