namespace Kedge.CommandLine.Vaults;

/// <summary>How a verb of a vault ends: restic's exit codes (its manual, "Exit codes"), so that scripts written for it go on working.</summary>
internal static class VaultExits
{
    public const int Incomplete = 3;
    public const int NoVault = 10;
    public const int Locked = 11;
    public const int WrongPassword = 12;
}
