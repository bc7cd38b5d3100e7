using System.Text;
using System.Text.Json.Nodes;
using Kedge.Vault.Backends;
using Kedge.Vault.Filters;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Filters;

/// <summary>Random patterns on random trees: what stock restic backs up and restores is what the filters say.</summary>
public sealed class AsResticDoes : IDisposable
{
    private const int Rounds = 40;

    private static readonly string[] Names = ["a", "b", "ab", "A", "a.c", "b.c", "[x]", "ü", "a b", ".h"];
    private static readonly string[] Parts = ["a", "b", "ab", "A", "*.c", "a*", "*b", "?", "[ab]", "[^a]", "*", "**", "\\[x\\]", "ü", ".?", "*a*"];

    private readonly string folder = Directory.CreateTempSubdirectory("kf-").FullName;

    private string Tree => Path.Combine(folder, "t");

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task A_backup_leaves_out_the_same(int seed)
    {
        var random = new Random(seed);
        await PrepareAsync(random);
        await EachRoundAsync(random, async (round, patterns, ignoresCase) =>
        {
            var excluded = new ExcludedPaths([PathPatterns.Parse(patterns.Select(Encoding.UTF8.GetBytes), ignoresCase)]);
            var ours = Walk(Tree, path => excluded.Wants(Encoding.UTF8.GetBytes(path), Directory.Exists(path), out _) ? (true, true) : (false, false));
            var theirs = await BackedUpAsync(patterns.SelectMany(p => new[] { ignoresCase ? "--iexclude" : "--exclude", p }));
            Assert.True(ours.SetEquals(theirs), Difference(seed, round, patterns, ours, theirs));
        });
    }

    [Fact]
    public async Task A_restore_takes_the_same()
    {
        const int seed = 21;
        var random = new Random(seed);
        await PrepareAsync(random);
        await ResticAsync(["backup", "--no-cache", Tree]);
        await EachRoundAsync(random, async (round, patterns, ignoresCase) =>
        {
            var included = new IncludedPaths([PathPatterns.Parse(patterns.Select(Encoding.UTF8.GetBytes), ignoresCase)]);
            var ours = Walk("/" + Tree.Split('/')[1], path =>
            {
                var isWanted = included.Wants(Encoding.UTF8.GetBytes(path), Directory.Exists(path), out var descend);
                return (isWanted, descend);
            });
            var target = Path.Combine(folder, $"restored-{round}");
            await ResticAsync(["restore", "--no-cache", "latest", "--target", target, .. patterns.SelectMany(p => new[] { ignoresCase ? "--iinclude" : "--include", p })]);
            var theirs = Directory.Exists(target)
                ? Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Select(f => f[target.Length..]).ToHashSet(StringComparer.Ordinal) : [];
            Assert.True(ours.Where(File.Exists).ToHashSet(StringComparer.Ordinal).SetEquals(theirs), Difference(seed, round, patterns, ours, theirs));
        });
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Difference(int seed, int round, string[] patterns, HashSet<string> ours, HashSet<string> theirs) =>
        $"seed {seed}, round {round}: {string.Join(' ', patterns)}\nonly ours: {string.Join(' ', ours.Except(theirs))}\nonly restic's: {string.Join(' ', theirs.Except(ours))}";

    /// <summary>Several at the same time: restic mostly waits for its own lock.</summary>
    private async Task EachRoundAsync(Random random, Func<int, string[], bool, Task> round)
    {
        var rounds = Enumerable.Range(0, Rounds).Select(r => (Number: r, Patterns: RandomPatterns(random), IgnoresCase: random.Next(3) == 0)).ToList();
        await Parallel.ForEachAsync(
            rounds, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
            async (one, _) => await round(one.Number, one.Patterns, one.IgnoresCase));
    }

    private string[] RandomPatterns(Random random) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomPattern(random))];

    private string RandomPattern(Random random)
    {
        var parts = string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Parts[random.Next(Parts.Length)]));
        var start = random.Next(6) switch { 0 => "/", 1 => "/**/", 2 => Tree + "/", _ => "" };
        return $"{(random.Next(5) == 0 ? "!" : "")}{start}{parts}{(random.Next(6) == 0 ? "/" : "")}";
    }

    /// <summary>Only what belongs to the tree of the test: what lies beside it on this machine is none of its business.</summary>
    private HashSet<string> Walk(string from, Func<string, (bool IsWanted, bool Descend)> ask)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Visit(from);
        return found;

        void Visit(string path)
        {
            var (isWanted, descend) = ask(path);
            if (isWanted)
            {
                found.Add(path);
            }

            if (descend && Directory.Exists(path))
            {
                foreach (var below in Directory.EnumerateFileSystemEntries(path).Where(b => b.StartsWith(Tree, StringComparison.Ordinal) || Tree.StartsWith(b + "/", StringComparison.Ordinal)))
                {
                    Visit(below);
                }
            }
        }
    }

    private async Task PrepareAsync(Random random)
    {
        Grow(Tree, depth: 0);
        // scrypt at its cheapest: restic is started a hundred times.
        var storage = VaultLocation.Parse(Path.Combine(folder, "vault")).Open(new(), TimeProvider.System);
        await using var vault = await VaultRepository.InitAsync(
            storage, new() { Password = "x".AsMemory(), Owner = new(GoTime.None, "", ""), Cost = new(2, 8, 1) }, TimeProvider.System, TestContext.Current.CancellationToken);

        void Grow(string path, int depth)
        {
            Directory.CreateDirectory(path);
            foreach (var name in Names.Where(_ => random.Next(depth + 2) == 0))
            {
                var below = Path.Combine(path, name);
                if (depth < 5 && random.Next(3) > 0)
                {
                    Grow(below, depth + 1);
                }
                else
                {
                    File.WriteAllText(below, "");
                }
            }
        }
    }

    private async Task<HashSet<string>> BackedUpAsync(IEnumerable<string> options)
    {
        var end = await ResticAsync(["backup", "--no-cache", "--json", "--force", "--dry-run", "-vv", Tree, .. options]);
        var items = end.Split('\n').Where(l => l.Contains("\"verbose_status\"", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l)!["item"]?.GetValue<string>() ?? "");
        return items.Select(i => i.TrimEnd('/')).Where(i => i.StartsWith(Tree, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
    }

    private async Task<string> ResticAsync(IEnumerable<string> arguments)
    {
        var environment = new Dictionary<string, string?> { ["RESTIC_REPOSITORY"] = Path.Combine(folder, "vault"), ["RESTIC_PASSWORD"] = "x" };
        var end = await Programs.RunAsync(VaultTools.Need("restic-0.14"), arguments, environment, TestContext.Current.CancellationToken);
        // A tree of which everything is left out is an empty snapshot, and that an error to restic.
        Assert.True(end.ExitCode == 0 || end.Errors.Contains("snapshot is empty", StringComparison.Ordinal), end.Errors);
        return end.Output;
    }
}
