using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Choosing;
using Kedge.Vault.Browse;

namespace Kedge.CommandLine.Vaults;

/// <summary><c>kedge vault dump</c>: a file's content, or a folder as an archive, on standard output.</summary>
internal static class VaultDumpVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals, VaultOptions options)
    {
        var which = new Argument<string>("SNAPSHOT") { Description = "Its id or the beginning of it, or latest; with :FOLDER behind it, PATH begins there." };
        var path = new Argument<string>("PATH") { Description = "A file or folder of the snapshot; / for all of it." };
        var archive = new Option<string>("--archive", "-a") { Description = "How a folder is written: tar or zip.", HelpName = "KIND", DefaultValueFactory = _ => "tar" };
        archive.AcceptOnlyFromAmong("tar", "zip");
        var target = new Option<string?>("--target", "-t") { Description = "Write to this file instead of standard output; it must not exist.", HelpName = "FILE" };
        var snapshots = new SnapshotOptions("For latest: the latest");
        var verb = new Verb("dump", "Write a file of a snapshot, or a folder as an archive, to standard output.")
        {
            Group = "Look",
            Examples =
            [
                new("kedge vault dump latest /srv/orders.sql | psql orders", "Without a file in between."),
                new("kedge vault dump latest:/etc / > etc.tar", "A folder, as an archive."),
            ],
            Exits = VaultExits.OfOpening,
        };
        verb.Arguments.Add(which);
        verb.Arguments.Add(path);
        verb.Options.Add(archive);
        verb.Options.Add(target);
        snapshots.AddTo(verb);
        return verb.Does(host, globals, options, async (call, cancellation) =>
        {
            var arguments = new ArgumentBytes(host);
            await using var vault = await call.OpenAsync(dryRun: false, cancellation);
            var chosen = await snapshots.OneAsync(call, vault, call.Get(which)!, cancellation);
            var index = await vault.LoadIndexAsync(cancellation);
            var tree = await TreeLookup.FolderAsync(vault, index, chosen.Snapshot.File.Tree, arguments.Of(chosen.Subfolder), cancellation);
            var problems = 0;
            var wanted = new DumpWanted
            {
                Archive = call.Get(archive) == "zip" ? ArchiveKind.Zip : ArchiveKind.Tar,
                OnProblem = problem =>
                {
                    problems++;
                    call.Output.Problem(problem.Entry.PathText, problem.What, "dump");
                },
            };
            await using (var stream = call.Get(target) is { } file ? Create(System.IO.Path.GetFullPath(file, host.Folder)) : host.OpenOutput())
            {
                await VaultDump.RunAsync(vault, index, tree, arguments.Of(call.Get(path)!), wanted, stream, cancellation);
            }

            return problems == 0 ? ExitCodes.Fine : throw new VerbException(ExitCodes.Failed, "the archive lacks what such an archive cannot hold", "What is said above is missing. tar holds more than zip.");
        });
    }

    private static FileStream Create(string path)
    {
        try
        {
            return new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCodes.Failed, $"{path} cannot be created", "Name a file that does not exist yet, in a folder that does.");
        }
    }
}
