using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Vaults;

/// <summary>Where a vault's password comes from: a file, the environment, or the person at the terminal. Never an argument, which every user of the machine may read.</summary>
internal static class VaultPassword
{
    public static char[] Read(Invocation call, string? file)
    {
        var host = call.Host;
        var path = file ?? NotEmpty(host, "KEDGE_VAULT_PASSWORD_FILE") ?? NotEmpty(host, "RESTIC_PASSWORD_FILE");
        if (path is not null)
        {
            return OfFile(Path.GetFullPath(path, host.Folder));
        }

        return NotEmpty(host, "RESTIC_PASSWORD") is { } given
            ? given.ToCharArray()
            : throw VerbException.Usage("the vault's password is not given, and nobody can be asked here", "name a file that holds it: --password-file FILE");
    }

    private static char[] OfFile(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n').ToCharArray();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCodes.Failed, $"the password file {path} cannot be read", "name a file that you may read: --password-file FILE");
        }
    }

    private static string? NotEmpty(CommandHost host, string name) => host.Environment(name) is { Length: > 0 } text ? text : null;
}
