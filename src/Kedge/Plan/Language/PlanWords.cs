using Kedge.Plan.Model;

namespace Kedge.Plan.Language;

/// <summary>Enumerations as the plan spells them.</summary>
internal static class PlanWords
{
    public static readonly WordsOf<AfterDeadline> AfterDeadlines = new();

    public static readonly WordsOf<Phase> Phases = new();

    public static readonly WordsOf<RunKind> RunKinds = new();
}

/// <summary>The words of one enumeration: <c>CleanUp</c> is <c>clean-up</c>.</summary>
internal sealed class WordsOf<T>
    where T : struct, Enum
{
    private readonly Dictionary<string, T> values = Enum.GetValues<T>().ToDictionary(Spell);

    public IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<T>().Select(Spell)];

    public T Read(string word) => values[word];

    public string Show(T value) => Words[values.Values.ToList().IndexOf(value)];

    private static string Spell(T value) =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
