using System.CommandLine;
using System.Text;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault.Backup;
using Kedge.Vault.Filters;

namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>What is to be backed up, and what of it is not.</summary>
internal sealed class SourceOptions
{
    private readonly Argument<string[]> paths = new("PATH") { Description = "Files and folders.", Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<string[]> filesFrom = new("--files-from")
    {
        Description = "A file that lists what to back up, a pattern a line, # for comments; - for standard input. May be repeated, as its two sisters.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> verbatim = new("--files-from-verbatim") { Description = "The same, each line a name as it is.", HelpName = "FILE" };

    private readonly Option<string[]> raw = new("--files-from-raw") { Description = "The same, each name ended by a zero byte, as find -print0 writes them.", HelpName = "FILE" };

    private readonly Option<bool> stdin = new("--stdin") { Description = "Back up what comes in on standard input, as one file." };

    private readonly Option<string> stdinName = new("--stdin-filename")
    {
        Description = "The name of that file in the snapshot.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "stdin",
    };

    private readonly Option<bool> stdinFromCommand = new("--stdin-from-command")
    {
        Description = "Take the arguments for a program that is started, without a shell, and back up what it prints. If it fails no snapshot is made.",
    };

    private readonly PatternOptions excludes = new("exclude", "-e", "Leave out");

    private readonly Option<bool> caches = new("--exclude-caches") { Description = "Of folders that hold a CACHEDIR.TAG (bford.info/cachedir) back up that alone." };

    private readonly Option<string[]> markers = new("--exclude-if-present")
    {
        Description = "The same for folders that hold a file of this name, which begins with HEADER where that is given. May be repeated.",
        HelpName = "NAME[:HEADER]",
    };

    private readonly Option<long?> largest = new("--exclude-larger-than")
    {
        Description = "Leave out files with more bytes, as in 500k, 20M, 1G.",
        HelpName = "SIZE",
        CustomParser = TypedValues.Size,
    };

    private readonly Option<bool> oneFileSystem = new("--one-file-system", "-x") { Description = "Do not leave the file system on which a path stands." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(paths);
        command.Options.Add(filesFrom);
        command.Options.Add(verbatim);
        command.Options.Add(raw);
        command.Options.Add(stdin);
        command.Options.Add(stdinName);
        command.Options.Add(stdinFromCommand);
        excludes.AddTo(command);
        command.Options.Add(caches);
        command.Options.Add(markers);
        command.Options.Add(largest);
        command.Options.Add(oneFileSystem);
    }

    /// <summary>The wish with all that these options say of it.</summary>
    public BackupWanted Apply(BackupWanted wanted, VaultCall call, CancellationToken cancellation)
    {
        var arguments = new ArgumentBytes(call.Host);
        if (call.Get(stdin) || call.Get(stdinFromCommand))
        {
            return Stream(wanted, call, arguments, cancellation);
        }

        var patterns = excludes.Read(call, arguments);
        return wanted with
        {
            Paths = Paths(call, arguments),
            Excludes = excludes.Given(call),
            Filter = patterns.Count > 0 ? new ExcludedPaths(patterns) : null,
            Markers = [.. call.Get(caches) ? [FolderMarker.Cache] : Array.Empty<FolderMarker>(), .. call.Get(markers)!.Select(m => Marker(arguments.Of(m)))],
            LargestFile = call.Get(largest),
            OneFileSystem = call.Get(oneFileSystem),
        };
    }

    private BackupWanted Stream(BackupWanted wanted, VaultCall call, ArgumentBytes arguments, CancellationToken cancellation)
    {
        var named = call.Get(paths)!;
        if (call.Get(filesFrom)!.Length + call.Get(verbatim)!.Length + call.Get(raw)!.Length > 0 || (named.Length > 0 && !call.Get(stdinFromCommand)))
        {
            throw VerbException.Usage("files cannot be backed up together with standard input", "give two commands");
        }

        if (call.Get(stdinFromCommand) && named.Length == 0)
        {
            throw VerbException.Usage("no program is named whose output is to be backed up", "kedge vault backup --stdin-from-command -- pg_dump orders");
        }

        return wanted with
        {
            Paths = [arguments.Of(call.Get(stdinName)!)],
            Stream = new InterruptibleInput(call.Get(stdinFromCommand) ? new ProgramOutput(named[0], named[1..], call.Host.Folder) : call.Host.OpenInput(), cancellation),
        };
    }

    private static FolderMarker Marker(byte[] given)
    {
        var colon = given.AsSpan().IndexOf((byte)':');
        var name = colon < 0 ? given : given[..colon];
        return name.Length > 0 && !name.Contains((byte)'/')
            ? new(name, colon < 0 ? [] : given[(colon + 1)..])
            : throw VerbException.Usage($"--exclude-if-present {Encoding.UTF8.GetString(given)} names no file", "write it as in --exclude-if-present .nobackup");
    }

    private List<byte[]> Paths(VaultCall call, ArgumentBytes arguments)
    {
        var all = new List<byte[]>();
        foreach (var pattern in call.Get(filesFrom)!.SelectMany(f => ListFile.Lines(call.Host, f, filesFrom.Name)).Select(ListFile.Trim).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var found = PathGlob.Expand(pattern);
            all.AddRange(found);
            if (found.Count == 0)
            {
                call.Output.Remark(Styled.Warning($"{Encoding.UTF8.GetString(pattern)}: nothing exists that it matches"));
            }
        }

        all.AddRange(call.Get(verbatim)!.SelectMany(f => ListFile.Lines(call.Host, f, verbatim.Name)).Where(l => l.Length > 0));
        all.AddRange(call.Get(raw)!.SelectMany(f => ListFile.ZeroEnded(call.Host, f, raw.Name)));
        all.AddRange(call.Get(paths)!.Select(arguments.Of));
        return all.Count > 0 ? all : throw VerbException.Usage("nothing is named that could be backed up", "kedge vault backup PATH, or --files-from FILE");
    }
}
