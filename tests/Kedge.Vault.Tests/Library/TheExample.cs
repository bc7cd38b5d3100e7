using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Library;

/// <summary>examples/vault-library, which docs/vault-api.md explains: the library as a stranger's program sees it.</summary>
public sealed class TheExample
{
    [Fact]
    public async Task Backs_up_a_stream_and_a_folder_and_gives_both_back()
    {
        await using var scratch = new Scratch();
        EveryKind.Make(scratch["shop"]);
        var environment = new Dictionary<string, string?> { ["VAULT_PASSWORD"] = "seven small boats" };
        string[] line = ["-c", "printf 'orders of today' | \"$0\" \"$@\"", Path.Join(AppContext.BaseDirectory, "vault-library"), scratch["vault"], "orders.sql", scratch["shop"], scratch["restored"]];
        foreach (var _ in new[] { "made", "opened" })
        {
            var end = await Programs.RunAsync("/bin/sh", line, environment, CancellationToken.None);
            Assert.Equal("orders of today", end.Succeeded());
            SeenTree.MustBeSame(scratch["shop"], scratch["restored"], ".");
        }

        environment["VAULT_PASSWORD"] = "eight";
        var refused = await Programs.RunAsync("/bin/sh", line, environment, CancellationToken.None);
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("no key opens with this password", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_what_its_page_shows()
    {
        var example = string.Concat(Directory.EnumerateFiles(InRepository("examples", "vault-library"), "*.cs").Select(f => Stripped(File.ReadAllText(f))));
        var shown = File.ReadAllText(InRepository("docs", "vault-api.md")).Split("```").Where((part, i) => i % 2 == 1 && part.StartsWith("csharp", StringComparison.Ordinal)).ToList();
        Assert.True(shown.Count >= 4, $"{shown.Count} pieces of code");
        Assert.All(shown, part => Assert.Contains(Stripped(part["csharp".Length..]), example, StringComparison.Ordinal));
    }

    private static string InRepository(params string[] path) => Path.Join([VaultTools.Repository, .. path]);

    /// <summary>Without indentation, which differs.</summary>
    private static string Stripped(string code) => string.Join('\n', code.Split('\n').Select(l => l.Trim())).Trim() + '\n';
}
