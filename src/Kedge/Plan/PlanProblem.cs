namespace Kedge.Plan;

/// <summary>Something about a plan that must, or should, be mended.</summary>
/// <param name="Code">Stable: <c>KP012</c>, or <c>DRIVER.WORD</c> for what a driver remarked on. The plan reference lists them.</param>
/// <param name="File">As it was given on the command line.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">The key, with those that hold it: <c>services.orders.primary</c>; empty for the file as a whole.</param>
/// <param name="What">What is wrong, as a sentence. Never the value of a secret.</param>
/// <param name="Fix">What to write instead, as a sentence.</param>
public sealed record PlanProblem(
    string Code, ProblemSeverity Severity, string File, int Line, int Column, string Path, string What, string Fix)
{
    public bool IsError => Severity is ProblemSeverity.Error;

    /// <summary>One line, as compilers print theirs, so that editors can jump to the place.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {(IsError ? "error" : "warning")} {Code}: {(Path.Length > 0 ? Path + ": " : "")}{What} Fix: {Fix}";
}
