namespace Kedge.CommandLine;

/// <summary>
/// How a command tells a script what became of it. Documented in docs/commands.md; a code never changes its meaning. The
/// verbs of a vault, which people know from restic, have a table of their own: <see cref="Vaults.VaultExits"/>.
/// </summary>
public static class ExitCodes
{
    public const int Fine = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int PlanInvalid = 3;
    public const int Refused = 4;
    public const int NeedsOperator = 5;
    public const int NothingToDo = 6;
    public const int Overtaken = 7;
    public const int Interrupted = 130;

    /// <summary>All of them, for help and reference.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Fine, "done, or true"),
        (Failed, "it failed, or a run ended without being carried through"),
        (Usage, "the command was not understood, or names something that does not exist"),
        (PlanInvalid, "the plan has errors, or there is none"),
        (Refused, "refused for safety: a loss that nobody accepted, fencing, a missing approval, an older epoch"),
        (NeedsOperator, "a run is paused or waits for a person; what to type is printed"),
        (NothingToDo, "there is nothing to do"),
        (Overtaken, "somebody else was faster; look again"),
        (Interrupted, "interrupted (Ctrl-C); a run that a node leads goes on"),
    ];
}
