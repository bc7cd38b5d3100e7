using System.CommandLine;
using Kedge.CommandLine;
using Kedge.CommandLine.Help;
using Kedge.CommandLine.Terminals;
using Kedge.Tests.Golden;
using Kedge.Tests.Plan;
using Xunit;

namespace Kedge.Tests.CommandLine;

public class TheHelp
{
    private static readonly CommandHost Host = new()
    {
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Input = TextReader.Null,
        Interactive = false,
        Redraws = false,
        Colour = false,
        Size = () => (100, 50),
        Time = TimeProvider.System,
        Folder = "/nowhere",
        Environment = _ => null,
        Login = "ops",
    };

    public static TheoryData<string> Verbs()
    {
        var data = new TheoryData<string>();
        foreach (var path in All(CommandTree.Build(Host, new GlobalOptions(), []), "").Select(v => v.Path))
        {
            data.Add(path);
        }

        return data;
    }

    [Fact]
    public void Reference_is_as_the_parser_is_now() =>
        GoldenFile.MatchesFile(CommandReference.Write(Host), Path.Combine(Repository.Root, "docs", "commands.md"));

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Of_every_verb_has_an_example_that_the_parser_understands_and_its_exit_codes(string path)
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Fine, typed.Give($"{path} --help"));
        Assert.Contains("Examples", typed.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes", typed.Output, StringComparison.Ordinal);
        var root = CommandTree.Build(Host, new GlobalOptions(), []);
        foreach (var line in Find(root, path).Examples.Where(e => !e.Line.StartsWith("export ", StringComparison.Ordinal)).Select(e => Plain(e.Line)))
        {
            var parsed = root.Parse(line);
            Assert.True(parsed.Errors.Count == 0 && UsageErrors.Unknown(parsed) is null, $"{line}: {string.Join("; ", parsed.Errors.Select(e => e.Message))}");
        }
    }

    [Fact]
    public void Is_quick_to_the_point_for_one_verb_alone()
    {
        var only = CommandTree.Build(Host, new GlobalOptions(), ["may-start"]);
        Assert.Equal("may-start", Assert.Single(only.Subcommands).Name);
        only = CommandTree.Build(Host, new GlobalOptions(), ["vault", "backup"]);
        Assert.Equal("backup", Assert.Single(Assert.Single(only.Subcommands).Subcommands).Name);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _kedge kedge")]
    [InlineData("zsh", "#compdef kedge")]
    [InlineData("fish", "complete -c kedge")]
    public void Comes_to_the_shell(string shell, string line)
    {
        using var typed = new Typed();
        Assert.Equal(ExitCodes.Fine, typed.Give($"completion {shell}"));
        Assert.Contains(line, typed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kedge_fail", "failover")]
    [InlineData("./kedge_run_app", "approve")]
    [InlineData("kedge_failover_--lo", "--lost")]
    [InlineData("kedge_failover_--lost_", "east")]
    [InlineData("kedge_failover_", "hotline")]
    [InlineData("kedge_run_show_", "run-1")]
    [InlineData("kedge_vault_sn", "snapshots")]
    [InlineData("kedge_vault_backup_--exclude-if", "--exclude-if-present")]
    [InlineData("kedge_vault_restore_--overwrite_", "if-changed")]
    public void Completes_verbs_options_and_the_plans_names(string line, string offered)
    {
        using var typed = new Typed();
        typed.Give("failover hotline --dry-run");
        Assert.Equal(ExitCodes.Fine, typed.Give($"[suggest:{line.Length}] {line}"));
        Assert.Contains(offered, typed.Output.Split('\n', StringSplitOptions.TrimEntries));
    }

    /// <summary>What a shell hands over of a line: without what it redirects and pipes, and without comments of ours.</summary>
    private static string Plain(string line)
    {
        var end = line.IndexOfAny(['|', '>']);
        var text = (end < 0 ? line : line[..end]).Trim();
        text = text.Contains("&&", StringComparison.Ordinal) ? text[(text.LastIndexOf("&&", StringComparison.Ordinal) + 2)..].Trim() : text;
        text = text.StartsWith("source <(", StringComparison.Ordinal) ? text["source <(".Length..].TrimEnd(')') : text;
        return text.Replace("kedge ", "", StringComparison.Ordinal);
    }

    private static Verb Find(RootCommand root, string path)
    {
        Command at = root;
        foreach (var name in path.Split(' '))
        {
            at = at.Subcommands.Single(c => c.Name == name);
        }

        return (Verb)at;
    }

    private static IEnumerable<(string Path, Verb Verb)> All(Command command, string path)
    {
        foreach (var verb in command.Subcommands.OfType<Verb>())
        {
            var own = path.Length == 0 ? verb.Name : $"{path} {verb.Name}";
            yield return (own, verb);
            foreach (var below in All(verb, own))
            {
                yield return below;
            }
        }
    }
}
