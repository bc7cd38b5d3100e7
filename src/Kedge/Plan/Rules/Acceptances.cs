using Kedge.Plan.Contracts;
using Kedge.Plan.Language;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>Takes out the warnings that the plan accepts, and says which acceptances are good for nothing.</summary>
internal static class Acceptances
{
    private static readonly Dictionary<string, ProblemCode> Codes = ProblemCode.All.ToDictionary(c => c.Code);

    public static (List<PlanProblem> Left, List<AcceptedProblem> Accepted) Apply(
        PlanDraft plan, IEnumerable<DriverContract> drivers, ProblemList problems)
    {
        var wanted = new Dictionary<(string Code, string At), PlanValue>();
        var warnings = new ProblemList();
        foreach (var item in plan.Accept)
        {
            if (item.Fields.Placed<string>(AcceptKeys.Warning) is { } warning && IsWarning(warning, drivers, warnings)
                && item.Fields.Text(AcceptKeys.At) is { } at && item.Fields.Text(AcceptKeys.Because) is not null
                && !wanted.TryAdd((warning.Value, at), item))
            {
                Names.Repeated($"{warning.Value} at {at}", item.Place, item.Path, warnings);
            }
        }

        var left = new List<PlanProblem>();
        var accepted = new List<AcceptedProblem>();
        var codes = wanted.Keys.Select(k => k.Code).ToHashSet();
        var used = new HashSet<(string, string)>();
        foreach (var (problem, path) in problems.All)
        {
            var key = !problem.IsError && codes.Contains(problem.Code)
                ? path.Outwards().Select(p => (problem.Code, p.ToString())).FirstOrDefault(wanted.ContainsKey)
                : default;
            if (key.Code is null)
            {
                left.Add(problem);
            }
            else
            {
                used.Add(key);
                accepted.Add(new(problem, wanted[key].Fields.Text(AcceptKeys.Because)!));
            }
        }

        // An error elsewhere may have kept the warning from being looked for.
        if (plan.Whole && !problems.AnyError)
        {
            foreach (var (key, item) in wanted.Where(w => !used.Contains(w.Key)))
            {
                warnings.Add(
                    ProblemCode.UnusedAcceptance, item.Place, item.Path, $"There is no warning {key.Code} at {Quote.Key(key.At)}.", "Remove this acceptance, or mend its code or key.");
            }
        }

        left.AddRange(warnings.All.Select(f => f.Problem));
        return (left, accepted);
    }

    private static bool IsWarning(Placed<string> warning, IEnumerable<DriverContract> drivers, ProblemList problems)
    {
        if (Codes.TryGetValue(warning.Value, out var code))
        {
            if (code.Severity is ProblemSeverity.Warning)
            {
                return true;
            }

            problems.Add(
                ProblemCode.UnknownWarning, warning.Place, warning.Path, $"{warning.Value} is an error: it cannot be accepted.", "Mend what it is about, and remove this.");
            return false;
        }

        if (warning.Value.IndexOf('.') is > 0 and var dot && drivers.Any(d => d.Kind == warning.Value[..dot]))
        {
            return true;
        }

        problems.Add(
            ProblemCode.UnknownWarning, warning.Place, warning.Path, $"{Quote.Text(warning.Value)} is no warning's code.",
            problems.Suggest(warning.Value, Codes.Values.Where(c => c.Severity is ProblemSeverity.Warning).Select(c => c.Code)) is { } near
                ? $"Write the code that the warning prints, perhaps {near}."
                : "Write the code that the warning prints, such as KP040.");
        return false;
    }
}
