using System.Text.RegularExpressions;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.CommandLine.Vaults;

public partial class ThePages
{
    [Theory]
    [InlineData("")]
    [InlineData("backup ")]
    public void Of_help_teach(string verb)
    {
        using var vault = new TypedVault(init: false);
        vault.Done($"{verb}--help");
        GoldenFile.Matches(vault.Output, $"help-vault{(verb.Length > 0 ? "-" + verb.Trim() : "")}.txt");
    }

    [Fact]
    public void Of_results_are_short_and_say_what_was_done()
    {
        using var vault = new TypedVault();
        var transcript = "";
        string[] lines =
        [
            "backup SOURCE --time 2026-01-01T10:00:00Z --host web1 --tag nightly", "snapshots", "restore latest --target TARGET",
            "restore latest --target TARGET --dry-run", "check", "check --read-data", "forget --keep-last 1 --dry-run", "prune --dry-run", "repair index", "unlock", "snapshots --host nobody", "restore latest --host nobody --target TARGET",
        ];
        foreach (var line in lines)
        {
            vault.Give(line);
            transcript += $"$ kedge vault {line}\n{vault.Output}{vault.Error}\n";
        }

        GoldenFile.Matches(Plain(transcript, vault), "results.txt");
    }

    [Theory]
    [InlineData(0, "[0:10]  0 of 40 or more files saved  0 bytes of 1.9 MiB or more  0 bytes/s")]
    [InlineData(1, "[0:10] 50%  20 of 40 files saved  977 KiB of 1.9 MiB  97.7 KiB/s  0:10 left")]
    [InlineData(2, "[0:10] 100%  40 of 40 files saved  1.9 MiB of 1.9 MiB  195 KiB/s  storing the rest")]
    public void Of_progress_say_what_is_left_as_soon_as_anybody_knows(int half, string line)
    {
        var view = new FilesView(() => new(40, 2_000_000, 20 * half, 1_000_000 * half, half, half > 0), "saved", "storing the rest", "done");
        var page = new Page(100);
        view.Draw(page, TimeSpan.FromSeconds(10));
        Assert.Equal(line, page.Lines[0].ToString());
        Assert.Equal(half > 0 ? $"{half} {(half == 1 ? "problem" : "problems")} so far" : null, page.Lines.ElementAtOrDefault(1)?.ToString());
    }

    /// <summary>Without what differs each time.</summary>
    private static string Plain(string text, TypedVault vault)
    {
        text = text.Replace(vault.Typed.Folder, "/home/ops", StringComparison.Ordinal);
        text = Ids().Replace(text, m => new string('f', m.Length));
        text = Durations().Replace(text, ", 0.1 s");
        text = Sizes().Replace(text, "9.9 KiB");
        // The widths of columns go with the length of the folder's name.
        return Blanks().Replace(Times().Replace(text, "2026-01-02 03:04:05"), "  ");
    }

    [GeneratedRegex(@"\b[0-9a-f]{8,64}\b")]
    private static partial Regex Ids();

    [GeneratedRegex(@", [0-9.]+ m?s\b|, 0 s\b")]
    private static partial Regex Durations();

    [GeneratedRegex(@"\b[0-9.]+ KiB\b|\b[1-9][0-9]{2,3} bytes\b")]
    private static partial Regex Sizes();

    [GeneratedRegex(" {3,}")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")]
    private static partial Regex Times();
}
