using System.CommandLine;
using System.Text.Json;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Browse;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault ls</c>: what is in a snapshot.</summary>
internal static class VaultLsVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string>("SNAPSHOT") { Description = "Its id or the beginning of it, or latest; with :FOLDER behind it, what lies in that folder." };
        var folders = new Argument<string[]>("DIR") { Description = "Only what stands in these folders of the snapshot.", Arity = ArgumentArity.ZeroOrMore };
        var isLong = new Option<bool>("--long", "-l") { Description = "With permissions, owners, sizes and times." };
        var recursive = new Option<bool>("--recursive") { Description = "With DIR: also what lies deeper." };
        var snapshots = new SnapshotOptions("For latest: the latest");
        var verb = new Verb("ls", "List the files of a snapshot.")
        {
            Group = "Look",
            Examples =
            [
                new("kedge vault ls latest /etc --long", "What was in /etc?"),
                new("kedge vault ls 4bba301e --json", "All of a snapshot, a message for each file."),
            ],
            Exits = VaultExits.OfOpening,
        };
        verb.Arguments.Add(which);
        verb.Arguments.Add(folders);
        verb.Options.Add(isLong);
        verb.Options.Add(recursive);
        snapshots.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            var arguments = new ArgumentBytes(host);
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var chosen = await snapshots.OneAsync(call, vault, call.Get(which)!, cancellation);
            var index = await vault.LoadIndexAsync(cancellation);
            var tree = await TreeLookup.FolderAsync(vault, index, chosen.Snapshot.File.Tree, arguments.Of(chosen.Subfolder), cancellation);
            call.Output.Message("snapshot", json =>
            {
                json.WriteString("struct_type"u8, "snapshot");
                SnapshotJson.WriteFields(json, chosen.Snapshot);
            });
            var unreadable = 0;
            var wanted = new ListingWanted
            {
                Folders = [.. call.Get(folders)!.Select(arguments.Of)],
                Recursive = call.Get(recursive),
                OnUnreadable = folder =>
                {
                    unreadable++;
                    call.Output.Problem(folder.PathText, folder.Problem.Message, "list");
                },
            };
            await foreach (var entry in VaultListing.ListAsync(vault, index, tree, wanted, cancellation))
            {
                call.Output.Line(call.Get(isLong) ? NodeText.Long(entry, call.Zone) : entry.PathText, isOneOfMany: true);
                call.Output.Document(json => Write(json, entry), isOneOfMany: true);
            }

            return unreadable == 0 ? ExitCodes.Fine : throw new VerbException(ExitCodes.Failed, $"{Figures.Count(unreadable, "folder")} could not be read", "See what is damaged: kedge vault check.");
        });
    }

    private static void Write(Utf8JsonWriter json, ListedEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("message_type"u8, "node");
        json.WriteString("struct_type"u8, "node");
        NodeText.WriteFields(json, entry);
        json.WriteEndObject();
    }
}
