using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault.Browse;
using Kedge.Vault.Filters;
using Kedge.Vault.Restore;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault restore</c>: a snapshot's files, into a folder.</summary>
internal static class VaultRestoreVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string>("SNAPSHOT") { Description = "Its id or the beginning of it, or latest; with :FOLDER behind it, only what lies in that folder." };
        var target = new Option<string>("--target", "-t") { Description = "The folder to restore into; made where it does not exist.", HelpName = "DIR", Required = true };
        var overwrite = new Option<string>("--overwrite")
        {
            Description = "What about files that exist: always: write what differs in content; if-changed: leave alone what has the same size and time (which a restore of kedge sets when the content is on the disk; after a power failure during one of another program, take always); if-newer: only those that are newer in the snapshot; never.",
            HelpName = "WHEN",
            DefaultValueFactory = _ => "always",
        };
        overwrite.AcceptOnlyFromAmong("always", "if-changed", "if-newer", "never");
        var delete = new Option<bool>("--delete") { Description = "Remove from the target what the snapshot does not have there, folders with all that is in them too." };
        var sparse = new Option<bool>("--sparse") { Description = "Leave holes where there are zeros. Those of half a megabyte and more are left anyway." };
        var verify = new Option<bool>("--verify") { Description = "Read what is there once more and hold it against the snapshot. Every byte is verified anyway before it is written." };
        var ownersByName = new Option<bool>("--owners-by-name") { Description = "Give files to whoever has the name here, rather than the number." };
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Write nothing; with -vv say what would happen to each file." };
        var snapshots = new SnapshotOptions("For latest: the latest");
        var includes = new PatternOptions("include", "-i", "Restore only");
        var excludes = new PatternOptions("exclude", "-e", "Leave out");
        var verb = new Verb("restore", "Restore a snapshot's files into a folder.")
        {
            Group = "Back up and restore",
            More =
            [
                "Over what is there it writes only what differs, so that a restore in place is quick; a restore that was interrupted goes on where it stood. Every byte is verified before it is written. Links in the target are never followed out of it.",
                "Paths in patterns are those of the snapshot, and begin at the folder that is named behind the colon where there is one.",
            ],
            Examples =
            [
                new("kedge vault restore latest --target /tmp/restored", "All of the newest snapshot."),
                new("kedge vault restore latest:/srv/data --target /srv/data --delete", "One folder, in place, as it was."),
                new("kedge vault restore 4bba301e --target / --include /etc/nginx --dry-run -vv", "What would be changed?"),
            ],
            Exits = VaultExits.OfOpening,
        };
        verb.Arguments.Add(which);
        verb.Options.Add(target);
        includes.AddTo(verb);
        excludes.AddTo(verb);
        foreach (var option in new Option[] { overwrite, delete, sparse, verify, ownersByName, dryRun })
        {
            verb.Options.Add(option);
        }

        snapshots.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            var arguments = new ArgumentBytes(host);
            var folder = arguments.Of(call.Get(target)!);
            var filter = Filter(includes.Read(call, arguments), excludes.Read(call, arguments));
            if (call.Get(delete) && filter is null && System.Text.Encoding.UTF8.GetString(folder).Trim('/').Length == 0)
            {
                throw VerbException.Usage("--delete with --target / would remove all that the snapshot does not have", "say with --include which part of it is meant");
            }

            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var chosen = await snapshots.OneAsync(call, vault, call.Get(which)!, cancellation);
            var report = new RestoreReport(call.Output, call.Get(dryRun));
            using var display = call.Output.Follow(report.View);
            var index = await vault.LoadIndexAsync(cancellation);
            var wanted = report.Attach(new()
            {
                Tree = await TreeLookup.FolderAsync(vault, index, chosen.Snapshot.File.Tree, arguments.Of(chosen.Subfolder), cancellation),
                Target = folder,
                Overwrite = call.Get(overwrite) switch { "if-changed" => Overwrite.IfChanged, "if-newer" => Overwrite.IfNewer, "never" => Overwrite.Never, _ => Overwrite.Always },
                Delete = call.Get(delete),
                Sparse = call.Get(sparse),
                OwnersByName = call.Get(ownersByName),
                DryRun = call.Get(dryRun),
                Filter = filter,
            });
            await VaultRestore.RunAsync(vault, index, wanted, cancellation);
            if (call.Get(verify) && !call.Get(dryRun))
            {
                await report.VerifyAsync(vault, index, wanted, cancellation);
            }

            display.Dispose();
            return report.Show(chosen.Snapshot, call.Get(target)!);
        }, "What was restored so far is there, and the same command goes on from it.");
    }

    private static IRestoreFilter? Filter(IReadOnlyList<PathPatterns> includes, IReadOnlyList<PathPatterns> excludes) =>
        includes.Count > 0 && excludes.Count > 0
            ? throw VerbException.Usage("--include and --exclude do not go together", "take back with a pattern that begins with ! what the others match")
            : includes.Count > 0 ? new IncludedPaths(includes) : excludes.Count > 0 ? new ExcludedPaths(excludes) : null;
}
