namespace Kedge.CommandLine.Vaults;

/// <summary>How a verb of a vault ends: with restic's exit codes (its manual, "Exit codes"), so that scripts written for it go on working.</summary>
internal static class VaultExits
{
    public const int Incomplete = 3;
    public const int NoVault = 10;
    public const int Locked = 11;
    public const int WrongPassword = 12;

    /// <summary>All of them, and restic's shape of a failure.</summary>
    public static VerbManners Manners { get; } = new(
        [
            (ExitCodes.Fine, "done"),
            (ExitCodes.Failed, "it failed, or found errors; what it was about is said"),
            (ExitCodes.Usage, "the command was not understood"),
            (Incomplete, "the backup lacks what could not be read; the snapshot was written without it"),
            (NoVault, "there is no vault at this location"),
            (Locked, "somebody else has locked the vault"),
            (WrongPassword, "no key of the vault opens with this password"),
            (ExitCodes.Interrupted, "interrupted (Ctrl-C); the vault is whole, and nothing of it is locked"),
        ],
        (code, what, fix) => new() { ["message_type"] = "exit_error", ["code"] = code, ["message"] = what, ["hint"] = fix },
        InLines: true);

    /// <summary>Codes that every verb which opens a vault can end with.</summary>
    public static IReadOnlyList<int> OfOpening { get; } = [NoVault, WrongPassword, ExitCodes.Interrupted];

    /// <summary>The same for verbs that take a lock.</summary>
    public static IReadOnlyList<int> OfWorking { get; } = [NoVault, Locked, WrongPassword, ExitCodes.Interrupted];
}
