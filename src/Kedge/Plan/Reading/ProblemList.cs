using Kedge.Plan.Language;

namespace Kedge.Plan.Reading;

/// <summary>Collects what is found wrong with a plan, wherever it is found.</summary>
internal sealed class ProblemList
{
    /// <summary>Words that names are compared with, in all: enough for people, and no plan takes long.</summary>
    private const int MaxComparisons = 200_000;

    private readonly List<Found> found = [];
    private int comparisons;

    public IReadOnlyList<Found> All => found;

    public bool AnyError => found.Any(f => f.Problem.IsError);

    public void Add(ProblemCode code, Place place, KeyPath path, string what, string fix) =>
        Add(code.Code, code.Severity, place, path, what, fix);

    public void Add(string code, ProblemSeverity severity, Place place, KeyPath path, string what, string fix) =>
        found.Add(new(new(code, severity, place.File, place.Line, place.Column, path.ToString(), what, fix), path));

    public void Add(PlanProblem problem) => found.Add(new(problem, KeyPath.Root));

    /// <summary>What was probably meant by a name that is not known; null where nothing is near, or after very many of them.</summary>
    public string? Suggest(string name, IEnumerable<string> known)
    {
        if (comparisons >= MaxComparisons)
        {
            return null;
        }

        var words = known.ToList();
        comparisons += words.Count;
        return Nearest.Of(name, words);
    }

    /// <summary>A problem with its path still in parts.</summary>
    internal readonly record struct Found(PlanProblem Problem, KeyPath Path);
}
