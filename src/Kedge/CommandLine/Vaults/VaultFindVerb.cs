using System.CommandLine;
using System.Text;
using System.Text.Json;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Browse;
using Kedge.Vault.Filters;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault find</c>: which snapshots have a file.</summary>
internal static class VaultFindVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var patterns = new Argument<string[]>("PATTERN") { Description = "What is looked for, as in --exclude: *.c, /etc/**/*.conf.", Arity = ArgumentArity.OneOrMore };
        var ignoreCase = new Option<bool>("--ignore-case", "-i") { Description = "Whether letters are large or small." };
        var oldest = new Option<string?>("--oldest", "-O") { Description = "Only what was last changed at this time or later.", HelpName = "TIME" };
        var newest = new Option<string?>("--newest", "-N") { Description = "Only what was last changed at this time or earlier.", HelpName = "TIME" };
        var only = new Option<string[]>("--snapshot", "-s") { Description = "Look in this snapshot. May be repeated.", HelpName = "SNAPSHOT" };
        var reverse = new Option<bool>("--reverse", "-R") { Description = "The oldest snapshot first." };
        var isLong = new Option<bool>("--long", "-l") { Description = "With permissions, owners, sizes and times." };
        var blob = new Option<bool>("--blob") { Description = "PATTERN is the id of a piece of files, or its beginning: which files need it?" };
        var tree = new Option<bool>("--tree") { Description = "The same for a folder's list of entries." };
        var pack = new Option<bool>("--pack") { Description = "The same for all that stands in a pack." };
        var filter = new SnapshotOptions("Only snapshots");
        var verb = new Verb("find", "Find files in all snapshots.")
        {
            Group = "Look",
            Examples =
            [
                new("kedge vault find --long '*.conf'", "In which snapshots is it, and how large is it in each?"),
                new("kedge vault find /srv/data/orders.db --newest '2026-11-01 00:00:00'", "As it was before November."),
            ],
            Exits = VaultExits.OfOpening,
        };
        verb.Arguments.Add(patterns);
        foreach (var option in new Option[] { ignoreCase, oldest, newest, only, reverse, isLong, blob, tree, pack })
        {
            verb.Options.Add(option);
        }

        filter.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            var arguments = new ArgumentBytes(host);
            var (oldestTime, newestTime) = (Moment(call, call.Get(oldest)), Moment(call, call.Get(newest)));
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var list = await filter.ManyAsync(call, vault, call.Get(only)!, cancellation);
            var index = await vault.LoadIndexAsync(cancellation);
            var snapshots = call.Get(reverse) ? list.Snapshots : list.Snapshots.Reverse();
            var unreadable = 0;
            void Unreadable(UnreadableFolder folder)
            {
                unreadable++;
                call.Output.Problem(folder.PathText, folder.Problem.Message, "find");
            }

            if (call.Get(blob) || call.Get(tree) || call.Get(pack))
            {
                var ids = call.Get(patterns)!;
                var objects = new ObjectsWanted
                {
                    Data = call.Get(blob) ? ids : [],
                    Trees = call.Get(tree) ? ids : [],
                    Packs = call.Get(pack) ? ids : [],
                    OnUnreadable = Unreadable,
                };
                await TellObjectsAsync(call, VaultSearch.FindObjectsAsync(vault, index, snapshots, objects, cancellation));
                return End(unreadable);
            }

            var wanted = new SearchWanted
            {
                Patterns = PathPatterns.Parse(call.Get(patterns)!.Select(arguments.Of), call.Get(ignoreCase)),
                Oldest = oldestTime,
                Newest = newestTime,
                OnUnreadable = Unreadable,
            };
            var found = new List<FoundEntry>();
            StoredSnapshot? shown = null;
            await foreach (var entry in VaultSearch.FindAsync(vault, index, snapshots, wanted, cancellation))
            {
                if (call.Output.Json)
                {
                    found.Add(entry);
                    continue;
                }

                if (shown != entry.Snapshot)
                {
                    shown = entry.Snapshot;
                    call.Output.Line(Styled.Strong($"snapshot {shown.Id.Short} of {shown.File.Hostname}, {Figures.At(shown.File.Time.ToDateTimeOffset(), call.Zone)}"), isOneOfMany: true);
                }

                call.Output.Line(call.Get(isLong) ? NodeText.Long(entry.Entry, call.Zone) : entry.Entry.PathText, isOneOfMany: true);
            }

            call.Output.Document(json => Write(json, found));
            return End(unreadable);
        });
    }

    /// <summary>What was not found may stand where nobody could look.</summary>
    private static int End(int unreadable) => unreadable == 0 ? ExitCodes.Fine
        : throw new VerbException(ExitCodes.Failed, $"{Figures.Count(unreadable, "folder")} could not be read", "See what is damaged: kedge vault check.");

    private static async Task TellObjectsAsync(VaultCall call, IAsyncEnumerable<FoundObject> all)
    {
        var found = new List<FoundObject>();
        await foreach (var one in all)
        {
            found.Add(one);
            call.Output.Line($"{one.Name} in {Encoding.UTF8.GetString(one.Path.Span)} of snapshot {one.Snapshot.Id.Short}, {Figures.At(one.Snapshot.File.Time.ToDateTimeOffset(), call.Zone)}", isOneOfMany: true);
        }

        call.Output.Document(json =>
        {
            json.WriteStartArray();
            foreach (var one in found)
            {
                json.WriteStartObject();
                json.WriteString("object_type"u8, one.Name.Kind == BlobKind.Tree ? "tree" : "blob");
                json.WriteString("id"u8, one.Name.Id.ToString());
                json.WriteString("path"u8, Encoding.UTF8.GetString(one.Path.Span));
                if (one.Parent is { } parent)
                {
                    json.WriteString("parent_tree"u8, parent.ToString());
                }

                json.WriteString("snapshot"u8, one.Snapshot.Id.ToString());
                json.WriteString("time"u8, one.Snapshot.File.Time.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>restic's one document: an array of snapshots with their matches.</summary>
    private static void Write(Utf8JsonWriter json, List<FoundEntry> found)
    {
        json.WriteStartArray();
        foreach (var group in found.GroupBy(f => f.Snapshot.Id))
        {
            json.WriteStartObject();
            json.WriteStartArray("matches"u8);
            foreach (var (_, entry) in group)
            {
                json.WriteStartObject();
                NodeText.WriteFields(json, entry);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("hits"u8, group.Count());
            json.WriteString("snapshot"u8, group.Key.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static GoTime? Moment(VaultCall call, string? text) => text is null ? null
        : GoTime.From(TypedValues.Moment(text, call.Zone) ?? throw VerbException.Usage($"'{text}' is no time", "write it as in '2026-11-01 22:08:41'"));
}
