using System.Diagnostics.CodeAnalysis;
using Kedge.Plan.Contracts;
using Kedge.Plan.Language;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>What the drivers themselves remark on their components, checks and steps.</summary>
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
                    Ask(draft.Contract!, () => draft.Contract!.Review(component), draft.Place, draft.Path, problems, finding =>
                        Component(draft, finding, proceeds, problems));
                }
            }

            foreach (var check in service.Checks.Where(c => c.Contract is not null))
            {
                Check(check, problems);
            }

            foreach (var step in service.Steps.Where(s => s is { Contract: not null, Options: not null }))
            {
                Ask(step.Contract!, () => step.Contract!.ReviewUse(step.Options!), step.Value.Place, step.Value.Path, problems, finding =>
                {
                    var path = step.Value.Path.Key(StepKeys.Options.Name);
                    Report(
                        step.Contract!, finding, OptionPlaces.Of(finding.Option, step.Fields[StepKeys.Options]) ?? step.Value.Place,
                        finding.Option is null ? path : path.Key(finding.Option), problems);
                });
            }
        }
    }

    private static void Component(ComponentDraft draft, OptionFinding finding, bool proceeds, ProblemList problems)
    {
        var instance = draft.Instances.FirstOrDefault(i => i.Site == finding.Site?.Value);
        var (place, path) = draft.Where(instance, finding.Option);
        if (finding.Code == BootStart && proceeds)
        {
            problems.Add(
                ProblemCode.ProceedDespiteBoot, place, path,
                $"{Sentence(finding.What)} A failover that may start without a person (after-deadline: proceed) is not safe beside that.",
                $"{Sentence(finding.Fix)} Or write `after-deadline: escalate`.");
        }
        else
        {
            Report(draft.Contract!, finding, place, path, problems);
        }
    }

    private static void Check(CheckDraft check, ProblemList problems)
    {
        var common = check.Fields[CheckKeys.Options];
        if (check.Everywhere is { } alike)
        {
            Ask(check.Contract!, () => check.Contract!.ReviewUse(alike), check.Place, check.Path, problems, finding =>
                Report(check.Contract!, finding, OptionPlaces.Of(finding.Option, common) ?? check.Place, check.Path, problems));
        }

        foreach (var at in check.At.Where(a => a.Options is not null))
        {
            Ask(check.Contract!, () => check.Contract!.ReviewUse(at.Options!), at.Place, at.Path, problems, finding =>
                Report(
                    check.Contract!, finding,
                    OptionPlaces.Of(finding.Option, check.Fields.Named(CheckKeys.At).First(n => n.Name == at.Site).Value, common) ?? at.Place,
                    finding.Option is null ? at.Path : at.Path.Key(finding.Option), problems));
        }
    }

    private static void Ask(
        DriverContract contract, Func<IEnumerable<OptionFinding>> review, Place place, KeyPath path, ProblemList problems, Action<OptionFinding> report)
    {
        if (TryAsk<List<OptionFinding>>(contract, () => [.. review()], place, path, problems, out var findings))
        {
            findings.ForEach(report);
        }
    }

    /// <summary>Asks a driver's contract something about options. What it throws is reported in place of an answer.</summary>
    public static bool TryAsk<T>(
        DriverContract contract, Func<T> question, Place place, KeyPath path, ProblemList problems, [NotNullWhen(true)] out T? answer)
    {
        try
        {
            answer = question()!;
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problems.Add(
                ProblemCode.ReviewFailed, place, path, $"The driver {contract.Kind} failed while it looked at these options: {e.GetType().Name}.",
                "This is a defect of the driver: please report it with these options, without secrets.");
            answer = default;
            return false;
        }
    }

    private static void Report(DriverContract contract, OptionFinding finding, Place place, KeyPath path, ProblemList problems)
    {
        var word = finding.Code.StartsWith($"{contract.Kind}-", StringComparison.Ordinal) ? finding.Code[(contract.Kind.Length + 1)..] : finding.Code;
        problems.Add(
            $"{contract.Kind}.{word}", finding.IsError ? ProblemSeverity.Error : ProblemSeverity.Warning, place, path, Sentence(finding.What), Sentence(finding.Fix));
    }

    /// <summary>Drivers remark in clauses; problems are sentences.</summary>
    private static string Sentence(string clause) =>
        clause.Length == 0 ? clause
        : $"{(FirstWord(clause).All(char.IsLetter) ? char.ToUpperInvariant(clause[0]) + clause[1..] : clause)}{(clause[^1] is '.' or '!' or '?' || LastWord(clause).Contains("://", StringComparison.Ordinal) ? "" : ".")}";

    private static string LastWord(string clause) => clause[(clause.LastIndexOf(' ') + 1)..];

    private static string FirstWord(string clause) => clause.IndexOf(' ') is > 0 and var space ? clause[..space] : clause;
}
