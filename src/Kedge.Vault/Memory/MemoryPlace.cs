namespace Kedge.Vault.Memory;

/// <summary>Where a client keeps what it remembers of vaults.</summary>
public static class MemoryPlace
{
    /// <summary>The folder of the present user: below XDG_STATE_HOME, else below ~/.local/state (XDG Base Directory Specification).</summary>
    /// <param name="environment">Looks a variable up.</param>
    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where neither it nor HOME is set.</exception>
    public static string Usual(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        // The specification wants relative ones ignored.
        var state = environment("XDG_STATE_HOME") is { } given && Path.IsPathRooted(given) ? given
            : environment("HOME") is { Length: > 0 } home ? Path.Join(home, ".local", "state")
            : throw new VaultException(VaultFault.Misuse, "neither HOME nor XDG_STATE_HOME says where to remember what was seen of the vault");
        return Path.Join(state, "kedge", "vault");
    }
}
