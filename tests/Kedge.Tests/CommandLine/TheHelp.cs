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

    /// <summary>Pages that show commands, but for those that are generated.</summary>
    public static TheoryData<string> Pages() => new(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(f => $"docs/{Path.GetFileName(f)}")
            .Except(["docs/commands.md", "docs/plan-reference.md"]).Append("README.md").Order(StringComparer.Ordinal));

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
        foreach (var line in Find(root, path).Examples.Select(e => e.Line).Where(l => !l.StartsWith("export ", StringComparison.Ordinal)))
        {
            Assert.NotEmpty(ShellLine.CallsOfKedge(line));
            MustBeUnderstood(root, line);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Is_what_the_pages_say(string page)
    {
        var root = CommandTree.Build(Host, new GlobalOptions(), []);
        var text = new CommandPage(File.ReadAllText(Path.Combine(Repository.Root, page)));
        Assert.All(text.Lines, line => MustBeUnderstood(root, line));
        // In a sentence a command may be half of one.
        Assert.All(text.Mentions, mention => Assert.All(ShellLine.CallsOfKedge(mention), call => Assert.Null(UsageErrors.Unknown(root.Parse(call)))));
    }

    [Fact]
    public void Of_a_vault_has_its_place_in_the_guide()
    {
        var guide = new CommandPage(File.ReadAllText(Path.Combine(Repository.Root, "docs", "vault.md")));
        var shown = guide.Lines.SelectMany(ShellLine.CallsOfKedge).Select(c => string.Join(' ', c) + " ").ToList();
        var root = CommandTree.Build(Host, new GlobalOptions(), []);
        var verbs = All(root, "").Where(v => v.Path.StartsWith("vault ", StringComparison.Ordinal) && v.Verb.Subcommands.Count == 0);
        Assert.All(verbs, verb => Assert.True(shown.Exists(s => s.StartsWith(verb.Path + " ", StringComparison.Ordinal)), $"docs/vault.md does not show kedge {verb.Path}"));
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

    private static void MustBeUnderstood(RootCommand root, string line)
    {
        foreach (var call in ShellLine.CallsOfKedge(line))
        {
            var parsed = root.Parse(call);
            Assert.True(parsed.Errors.Count == 0 && UsageErrors.Unknown(parsed) is null, $"{line}: {string.Join("; ", parsed.Errors.Select(e => e.Message).DefaultIfEmpty(UsageErrors.Unknown(parsed)))}");
        }
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
