using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>A call of a process that changes or syncs files.</summary>
/// <param name="Path">What it is about; of a rename the old name.</param>
/// <param name="To">The new name, of a rename.</param>
internal sealed record TracedCall(TracedKind Kind, string Path, string To = "", long Offset = 0, byte[]? Bytes = null);

internal enum TracedKind
{
    Create,
    Write,

    /// <summary>Of a file's content, or of a folder's names.</summary>
    Sync,
    Rename,
    Remove,
    MakeFolder,

    /// <summary>Of a whole file system.</summary>
    SyncAll,

    /// <summary>A file or folder gets its times.</summary>
    Times,

    /// <summary>Something else about a file, as its owner.</summary>
    Other,

    /// <summary>What the process says on its standard output.</summary>
    Say,
}

/// <summary>Records with strace what a host's process does to the files below a folder.</summary>
internal static partial class Tracing
{
    private const string Strace = "/usr/bin/strace";

    private const string Calls = "trace=open,openat,write,pwrite64,pwritev,rename,renameat,renameat2,link,linkat,symlinkat,mknodat,utimensat,fchmod,fchown,fsetxattr,unlink,unlinkat,fsync,fdatasync,syncfs,mkdir,mkdirat,ftruncate";

    /// <summary>Runs the host to its end. Skips the test without strace, or where processes may not be traced.</summary>
    internal static async Task<List<TracedCall>> RunAsync(string folder, string log, params string[] arguments)
    {
        VaultTools.NeedInstalled(Strace);
        var environment = new Dictionary<string, string?> { ["KEDGE_HOST_PASSWORD"] = FolderVault.Password, ["DOTNET_EnableDiagnostics"] = "0" };
        var end = await Programs.RunAsync(
            Strace, ["-f", "--seccomp-bpf", "-y", "-xx", "-s", "2000000", "-qq", "-e", Calls, "-e", "signal=none", "-o", log, HostRun.Program, .. arguments], environment, TestContext.Current.CancellationToken);
        Assert.SkipWhen(end.Errors.Contains("Operation not permitted", StringComparison.Ordinal), "processes may not be traced here");
        end.Succeeded();
        return Parse(File.ReadLines(log), folder);
    }

    /// <summary>Calls that were interrupted by another thread's are taken at their end: not before that had they had their effect.</summary>
    internal static List<TracedCall> Parse(IEnumerable<string> lines, string folder)
    {
        var unfinished = new Dictionary<string, string>();
        var opened = new Dictionary<string, string>();
        var calls = new List<TracedCall>();
        foreach (var line in lines)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (thread, text) = (line[..space], line[space..].TrimStart());
            if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                unfinished[thread] = text[..^"<unfinished ...>".Length];
                continue;
            }

            if (text.StartsWith("<... ", StringComparison.Ordinal))
            {
                text = unfinished.GetValueOrDefault(thread, "") + text[(text.IndexOf("resumed>", StringComparison.Ordinal) + "resumed>".Length)..];
            }

            if (Opened().Match(text) is { Success: true } open)
            {
                opened[$"/proc/self/fd/{open.Groups[1].Value}"] = Text(open.Groups[2].Value);
            }

            if (ParseCall(text) is not { } call)
            {
                continue;
            }

            call = call with { Path = opened.GetValueOrDefault(call.Path, call.Path) };
            if (call.Kind is TracedKind.Say or TracedKind.SyncAll || call.Path.StartsWith(folder + "/", StringComparison.Ordinal) || call.Path == folder)
            {
                calls.Add(call);
            }
        }

        return calls;
    }

    private static TracedCall? ParseCall(string text)
    {
        if (Call().Match(text) is not { Success: true } match || match.Groups["result"].Value.StartsWith('-'))
        {
            return null;
        }

        var arguments = match.Groups["arguments"].Value;
        var strings = Named().Matches(arguments).Select(m => Path.Combine(Text(m.Groups[1].Value), Text(m.Groups[2].Value))).ToList();
        strings = strings.Count > 0 ? strings : [.. Quoted().Matches(arguments).Select(m => Text(m.Groups[1].Value))];
        var handle = Handle().Match(arguments) is { Success: true } found ? Text(found.Groups[1].Value) : "";
        switch (match.Groups["name"].Value)
        {
            case "open" or "openat" when arguments.Contains("O_CREAT", StringComparison.Ordinal):
                return new(TracedKind.Create, strings[0]);
            case "write" when handle.StartsWith("pipe:", StringComparison.Ordinal):
                // .NET writes to a copy of its standard output; other pipes are its own, and carry no words.
                return new(TracedKind.Say, Text(Quoted().Match(arguments).Groups[1].Value));
            case "pwrite64":
                return new(TracedKind.Write, handle, Offset: long.Parse(arguments[(arguments.LastIndexOf(',') + 1)..].Trim(), CultureInfo.InvariantCulture), Bytes: Bytes(Quoted().Match(arguments).Groups[1].Value));
            case "fsync" or "fdatasync":
                return new(TracedKind.Sync, handle);
            case "syncfs":
                return new(TracedKind.SyncAll, handle);
            case "linkat" or "symlinkat" or "mknodat" or "ftruncate" or "fchmod" or "fchown" or "fsetxattr":
                return new(TracedKind.Other, strings.LastOrDefault() ?? handle);
            case "utimensat":
                return new(TracedKind.Times, strings.LastOrDefault() ?? handle);
            case "rename" or "renameat" or "renameat2":
                return new(TracedKind.Rename, strings[0], strings[1]);
            case "unlink" or "unlinkat":
                return new(TracedKind.Remove, strings[0]);
            case "mkdir" or "mkdirat":
                return new(TracedKind.MakeFolder, strings[0]);
            default:
                return null;
        }
    }

    private static string Text(string hex) => Encoding.UTF8.GetString(Bytes(hex));

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace("\\x", "", StringComparison.Ordinal));

    [GeneratedRegex(@"^(?<name>\w+)\((?<arguments>.*)\)\s+= (?<result>-?\w+)", RegexOptions.Singleline)]
    private static partial Regex Call();

    /// <summary>A name, and the folder from which it is meant.</summary>
    [GeneratedRegex(@"(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>, ""((?:\\x2f|\\x[0-9a-f]{2})*)""")]
    private static partial Regex Named();

    /// <summary>What somebody has opened, and what it is called.</summary>
    [GeneratedRegex(@"^openat\(.*\)\s+= (\d+)<((?:\\x[0-9a-f]{2})*)>$", RegexOptions.Singleline)]
    private static partial Regex Opened();

    [GeneratedRegex("\"((?:\\\\x[0-9a-f]{2})*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\d+<((?:\\x[0-9a-f]{2})*)>")]
    private static partial Regex Handle();
}
