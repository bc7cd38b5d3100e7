using System.CommandLine;
using System.Text.Json;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Keys;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault key</c>: who can open the vault.</summary>
internal static class VaultKeyVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var verb = new Verb("key", "Passwords that open the vault: list them, add one, remove one, change yours.")
        {
            Group = "Keep order",
            More = ["All keys open the same vault. Removing one does not help against somebody who has opened the vault before and kept its master key: that never changes."],
            Examples = [new("kedge vault key list", "Who can open it?"), new("kedge vault key passwd", "Another password for myself.")],
        };
        verb.Subcommands.Add(List(host, globals, options));
        verb.Subcommands.Add(Add(host, globals, options));
        verb.Subcommands.Add(Remove(host, globals, options));
        verb.Subcommands.Add(Change(host, globals, options));
        return verb;
    }

    private static Verb List(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var verb = new Verb("list", "List the keys.") { Examples = [new("kedge vault key list", "* stands beside the one in use.")], Exits = VaultExits.OfOpening };
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var list = await VaultKeys.ListAsync(vault, cancellation);
            foreach (var (id, problem) in list.Damaged)
            {
                call.Output.Problem($"key {id.Short}", problem.Message, "list");
            }

            var table = new Table([new(""), new("ID"), new("User", Flexible: true, Narrowest: 6), new("Host", Flexible: true, Narrowest: 6), new("Made")]);
            foreach (var key in list.Keys)
            {
                table.Add([key.IsCurrent ? "*" : " ", Styled.Accent(key.Id.Short), key.Owner.Username, key.Owner.Hostname, Figures.At(key.Owner.Created.ToDateTimeOffset(), call.Zone)]);
            }

            call.Output.Show(new Page(call.Output.Width).Table(table));
            call.Output.Document(json => Write(json, list));
            return list.Damaged.Count == 0 ? ExitCodes.Fine : ExitCodes.Failed;
        });
    }

    private static Verb Add(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var password = new NewPassword();
        var verb = new Verb("add", "Add a password.")
        {
            Examples = [new("kedge vault key add --new-password-file /root/second.password --user auditor", "Somebody else shall be able to open it, too.")],
            Exits = VaultExits.OfWorking,
        };
        password.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            await using var taken = await call.LockAsync(vault, exclusive: false, cancellation);
            var chosen = password.Read(call, cancellation);
            var id = await VaultKeys.AddAsync(vault, chosen, password.Owner(call), ScryptCost.Default, cancellation);
            Array.Clear(chosen);
            return Tell(call, "added", id);
        });
    }

    private static Verb Remove(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var key = new Argument<string>("KEY") { Description = "Its id or the beginning of it." };
        var verb = new Verb("remove", "Remove a password.") { Examples = [new("kedge vault key remove eb78040b", "Not that one any more.")], Exits = VaultExits.OfWorking };
        verb.Arguments.Add(key);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            await using var taken = await call.LockAsync(vault, exclusive: true, cancellation);
            var id = await VaultKeys.RemoveAsync(vault, call.Get(key)!, cancellation);
            await call.Memory.RemovedKeyAsync(id, cancellation);
            return Tell(call, "removed", id);
        });
    }

    private static Verb Change(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var password = new NewPassword();
        var verb = new Verb("passwd", "Change the password with which the vault was opened.")
        {
            Examples = [new("kedge vault key passwd --new-password-file /etc/kedge/new.password", "Write the file first, then put it in place of the old one.")],
            Exits = VaultExits.OfWorking,
        };
        password.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            await using var taken = await call.LockAsync(vault, exclusive: true, cancellation);
            var chosen = password.Read(call, cancellation);
            var old = vault.KeyId;
            var id = await VaultKeys.ChangePasswordAsync(vault, chosen, password.Owner(call), ScryptCost.Default, cancellation);
            Array.Clear(chosen);
            await call.Memory.RemovedKeyAsync(old, cancellation);
            return Tell(call, "changed", id);
        });
    }

    private static int Tell(VaultCall call, string what, ObjectId id)
    {
        call.Output.Conclude(new Page(call.Output.Width).Add(Styled.Good($"{what} ") + "the key " + Styled.Accent(id.Short)));
        call.Output.Message("summary", json =>
        {
            json.WriteString("action"u8, what);
            json.WriteString("id"u8, id.ToString());
        });
        return ExitCodes.Fine;
    }

    /// <summary>restic's array.</summary>
    private static void Write(Utf8JsonWriter json, KeyList list)
    {
        json.WriteStartArray();
        foreach (var key in list.Keys)
        {
            json.WriteStartObject();
            json.WriteBoolean("current"u8, key.IsCurrent);
            json.WriteString("id"u8, key.Id.Short);
            json.WriteString("userName"u8, key.Owner.Username);
            json.WriteString("hostName"u8, key.Owner.Hostname);
            json.WriteString("created"u8, key.Owner.Created.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
