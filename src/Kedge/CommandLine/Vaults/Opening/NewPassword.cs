using System.CommandLine;
using Kedge.Vault.Format;

namespace Kedge.CommandLine.Vaults.Opening;

/// <summary>Options of verbs that make a key: its password, and who it says it belongs to.</summary>
internal sealed class NewPassword
{
    private readonly Option<string?> file = new("--new-password-file") { Description = "A file that holds the new password. Without one it is asked for.", HelpName = "FILE" };
    private readonly Option<string?> user = new("--user") { Description = "Whose it is, for those who list the keys. Default: yours.", HelpName = "NAME" };
    private readonly Option<string?> hostname = new("--host") { Description = "Of which machine. Default: this one.", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        command.Options.Add(file);
        command.Options.Add(user);
        command.Options.Add(hostname);
    }

    public char[] Read(VaultCall call, CancellationToken cancellation) => new VaultPassword(call.Host, "RESTIC_NEW_").ReadNew(call.Get(file), command: null, cancellation);

    public KeyOwner Owner(VaultCall call) => new(
        GoTime.From(TimeZoneInfo.ConvertTime(call.Now, call.Zone)), call.Get(user) ?? call.Holder.Username, call.Get(hostname) ?? call.Holder.Hostname);
}
