using System.CommandLine;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault;
using Kedge.Vault.Format;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault init</c>: makes a vault where none is.</summary>
internal static class VaultInitVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var from = new SecondVault("from", "whose cutting of files the new one shall share: what is copied between the two is then stored once");
        var copyParams = new Option<bool>("--copy-chunker-params") { Description = "Share key and cutting with the vault of --from-repo: copies between the two need no new encryption." };
        var version = new Option<int>("--repository-version")
        {
            Description = "2, or 1 for clients older than restic 0.14, which cannot read what is compressed.",
            HelpName = "N",
            DefaultValueFactory = _ => 2,
        };
        version.AcceptOnlyFromAmong("1", "2");
        var verb = new Verb("init", "Make a vault where none is.")
        {
            Group = "Back up and restore",
            More = ["The password opens it, and nothing else does: whoever loses it has lost what the vault holds. Keep a copy of it away from this machine, where it is safe and can be found."],
            Examples =
            [
                new("kedge vault init --repo /mnt/backup/vault --password-file /etc/kedge/vault.password", "In a folder of this machine."),
                new("kedge vault init --repo s3:https://s3.example.com/bucket/vault", "In S3; the credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the password is asked for."),
            ],
            Exits = [VaultExits.WrongPassword, ExitCodes.Interrupted],
        };
        from.AddTo(verb);
        verb.Options.Add(copyParams);
        verb.Options.Add(version);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            if (call.Get(copyParams) && !from.IsNamed(call))
            {
                throw VerbException.Usage("--copy-chunker-params needs a vault to take them from", "name it with --from-repo LOCATION");
            }

            await using var model = call.Get(copyParams) ? await from.OpenAsync(call, cancellation) : null;
            await using var storage = call.OpenStorage();
            if (await VaultRepository.ExistsAsync(storage, cancellation))
            {
                // Before anybody thinks of a password for it.
                throw new VerbException(ExitCodes.Failed, $"there is a vault at {storage.Traits.Location} already", "Use it as it is, or choose another place.");
            }

            var password = call.NewPassword(cancellation);
            var wanted = new NewVault
            {
                Password = password,
                Owner = new(GoTime.From(TimeZoneInfo.ConvertTime(call.Now, call.Zone)), call.Holder.Username, call.Holder.Hostname),
                Version = call.Get(version),
                SameKeyAs = model,
            };
            await using var vault = await VaultRepository.InitAsync(storage, wanted, host.Time, cancellation);
            Array.Clear(password);
            call.Output.Conclude(new Page(call.Output.Width).Add(Styled.Good("made ") + "the vault " + Styled.Accent(vault.Config.Id[..10]) + $" at {storage.Traits.Location}"));
            call.Output.Remark(Styled.Quiet("Without its password nobody can read it, you included: keep a copy of it elsewhere."));
            call.Output.Message("initialized", json =>
            {
                json.WriteString("id"u8, vault.Config.Id);
                json.WriteString("repository"u8, storage.Traits.Location);
            });
            return ExitCodes.Fine;
        });
    }
}
