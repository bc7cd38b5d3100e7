using Xunit;

namespace Kedge.Tests.CommandLine.Vaults;

public class WhenABackupIsInterrupted
{
    [Fact]
    public async Task It_says_so_and_the_next_one_goes_on_from_what_was_stored()
    {
        using var vault = new TypedVault();
        var random = new Random(5);
        for (var i = 0; i < 8; i++)
        {
            var content = new byte[8 << 20];
            random.NextBytes(content);
            File.WriteAllBytes(Path.Combine(vault.Source, $"large-{i}"), content);
        }

        var common = $"--repo {vault.Location} --password-file {vault.PasswordFile}";
        using (var slow = new KedgeProcess(vault.Typed.Folder, $"vault backup source {common} --limit-upload 12000"))
        {
            await PacksAppearAsync(vault, 2);
            slow.Signal("INT");
            Assert.Equal(130, await slow.EndsAsync());
            await slow.SaysAsync("kedge: interrupted");
            await slow.SaysAsync("the next backup goes on from there");
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(vault.Location, "locks")));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(vault.Location, "index")));
        using var again = new KedgeProcess(vault.Typed.Folder, $"vault backup source {common} --json");
        Assert.Equal(0, await again.EndsAsync());
        await again.SaysAsync("\"data_added\":");
        var added = System.Text.RegularExpressions.Regex.Match(again.Said, "\"data_added\":([0-9]+)").Groups[1].Value;
        Assert.InRange(long.Parse(added), 1, (64 << 20) - (24 << 20));
        vault.Done("check --read-data");
        Assert.DoesNotContain("untidy", vault.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_stands_still_does_not_keep_it()
    {
        using var vault = new TypedVault();
        using var process = new KedgeProcess(vault.Typed.Folder, $"vault backup --stdin --repo {vault.Location} --password-file {vault.PasswordFile}");
        await LockAppearsAsync(vault);
        process.Signal("INT");
        Assert.Equal(130, await process.EndsAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(vault.Location, "locks")));
        vault.Done("snapshots --json");
        Assert.Empty(vault.Typed.Json.AsArray());
    }

    private static Task PacksAppearAsync(TypedVault vault, int count) => UntilAsync(() =>
        Directory.EnumerateFiles(Path.Combine(vault.Location, "data"), "*", SearchOption.AllDirectories).Count(f => Path.GetFileName(f).Length == 64) >= count);

    private static Task LockAppearsAsync(TypedVault vault) => UntilAsync(() => Directory.EnumerateFiles(Path.Combine(vault.Location, "locks")).Any());

    private static async Task UntilAsync(Func<bool> holds)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "it did not happen in time");
            await Task.Delay(20);
        }
    }
}
