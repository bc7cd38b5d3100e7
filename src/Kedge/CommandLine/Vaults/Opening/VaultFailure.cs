using Kedge.Vault;

namespace Kedge.CommandLine.Vaults.Opening;

/// <summary>A vault's failure as a command ends with it.</summary>
internal static class VaultFailure
{
    public static VerbException Of(VaultException problem) => new(Code(problem.Fault), problem.Message, problem.Hint);

    private static int Code(VaultFault fault) => fault switch
    {
        VaultFault.NoVault => VaultExits.NoVault,
        VaultFault.Locked => VaultExits.Locked,
        VaultFault.WrongPassword => VaultExits.WrongPassword,
        VaultFault.Misuse => ExitCodes.Usage,
        _ => ExitCodes.Failed,
    };
}
