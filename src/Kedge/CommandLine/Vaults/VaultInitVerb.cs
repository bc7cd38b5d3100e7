using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Vault;
using Kedge.Vault.Format;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault init</c>: makes a vault where none is.</summary>
internal static class VaultInitVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var verb = new Verb("init", "Make a vault where none is.")
        {
            Examples = [new("kedge vault init --repo /mnt/backup/vault --password-file /etc/kedge/vault.password", "In a folder of this machine.")],
        };
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            var storage = call.OpenStorage();
            var owner = new KeyOwner(GoTime.From(call.Call.Now), call.Holder.Username, call.Holder.Hostname);
            await using var vault = await VaultRepository.InitAsync(
                storage, new() { Password = call.Password(), Owner = owner }, host.Time, cancellation);
            call.Call.Terminal.Show([Styled.Good("made ") + $"vault {vault.Config.Id[..8]} at {storage.Traits.Location}"]);
            return ExitCodes.Fine;
        });
    }
}
