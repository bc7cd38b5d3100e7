using System.CommandLine;
using System.Text;
using System.Text.Json;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Browse;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault diff</c>: what differs between two snapshots.</summary>
internal static class VaultDiffVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var before = new Argument<string>("BEFORE") { Description = "The earlier snapshot; with :FOLDER behind it, that folder in it." };
        var after = new Argument<string>("AFTER") { Description = "The later one." };
        var metadata = new Option<bool>("--metadata") { Description = "Also what differs in owner, permissions, times or attributes alone." };
        var snapshots = new SnapshotOptions("For latest: the latest");
        var verb = new Verb("diff", "Show what differs between two snapshots.")
        {
            Group = "Look",
            More = ["Before each path: + added, - removed, M another content, T another kind of entry, U other metadata; M? where the content is another although nothing else changed: perhaps it decayed."],
            Examples = [new("kedge vault diff 4bba301e latest --path /srv/shop", "What has changed since?"), new("kedge vault diff 4bba301e:/etc latest:/etc --metadata", "In one folder, permissions too.")],
            Exits = VaultExits.OfOpening,
        };
        verb.Arguments.Add(before);
        verb.Arguments.Add(after);
        verb.Options.Add(metadata);
        snapshots.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            var arguments = new ArgumentBytes(host);
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var filter = snapshots.Read(call);
            var one = await SnapshotChoice.OneAsync(vault, call.Get(before)!, filter, cancellation);
            var other = await SnapshotChoice.OneAsync(vault, call.Get(after)!, filter, cancellation);
            SnapshotOptions.TellDamaged(call, [.. one.Damaged, .. other.Damaged]);
            var index = await vault.LoadIndexAsync(cancellation);
            var unreadable = 0;
            var wanted = new ComparisonWanted
            {
                Metadata = call.Get(metadata),
                OnUnreadable = folder =>
                {
                    unreadable++;
                    call.Output.Problem(folder.PathText, folder.Problem.Message, "diff");
                },
            };
            var sum = await VaultComparison.RunAsync(
                vault,
                index,
                await TreeLookup.FolderAsync(vault, index, one.Snapshot.File.Tree, arguments.Of(one.Subfolder), cancellation),
                await TreeLookup.FolderAsync(vault, index, other.Snapshot.File.Tree, arguments.Of(other.Subfolder), cancellation),
                wanted,
                change => Tell(call, change),
                cancellation);
            Show(call, sum, one.Snapshot, other.Snapshot);
            return unreadable + sum.MissingBlobs == 0 ? ExitCodes.Fine
                : throw new VerbException(ExitCodes.Failed, "the snapshots could not be compared whole", "See what is damaged: kedge vault check.");
        });
    }

    private static void Tell(VaultCall call, EntryChange change)
    {
        call.Output.Line($"{change.Modifier,-5}{change.PathText}", isOneOfMany: true);
        call.Output.Document(
            json =>
            {
                json.WriteStartObject();
                json.WriteString("message_type"u8, "change");
                json.WriteString("path"u8, Encoding.UTF8.GetString(change.Path.Span));
                json.WriteString("modifier"u8, change.Modifier);
                json.WriteEndObject();
            },
            isOneOfMany: true);
    }

    private static void Show(VaultCall call, ComparisonStatistics sum, StoredSnapshot one, StoredSnapshot other)
    {
        var page = new Page(call.Output.Width);
        page.Add($"files    {FilesView.Number(sum.Added.Files)} new, {FilesView.Number(sum.Removed.Files)} removed, {FilesView.Number(sum.ChangedFiles)} changed");
        page.Add($"folders  {FilesView.Number(sum.Added.Folders)} new, {FilesView.Number(sum.Removed.Folders)} removed");
        page.Add($"data     {Figures.Bytes(sum.Added.Bytes)} new, {Figures.Bytes(sum.Removed.Bytes)} removed");
        call.Output.Conclude(page);
        call.Output.Message("statistics", json =>
        {
            json.WriteString("source_snapshot"u8, one.Id.ToString());
            json.WriteString("target_snapshot"u8, other.Id.ToString());
            json.WriteNumber("changed_files"u8, sum.ChangedFiles);
            Write(json, "added", sum.Added);
            Write(json, "removed", sum.Removed);
        });
    }

    private static void Write(Utf8JsonWriter json, string name, ChangeTotals totals)
    {
        json.WriteStartObject(name);
        json.WriteNumber("files"u8, totals.Files);
        json.WriteNumber("dirs"u8, totals.Folders);
        json.WriteNumber("others"u8, totals.Others);
        json.WriteNumber("data_blobs"u8, totals.DataBlobs);
        json.WriteNumber("tree_blobs"u8, totals.TreeBlobs);
        json.WriteNumber("bytes"u8, totals.Bytes);
        json.WriteEndObject();
    }
}
