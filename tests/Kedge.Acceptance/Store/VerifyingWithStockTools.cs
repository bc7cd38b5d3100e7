using System.Diagnostics;
using System.Runtime.CompilerServices;
using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Kedge.Store.Sqlite;
using Xunit;
using EventLog = Kedge.Journal.EventLog;

namespace Kedge.Acceptance.Store;

/// <summary>The recipe of docs/journal.md, taken from there and run by sh with sqlite3, jq and sha256sum.</summary>
public sealed class VerifyingWithStockTools : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kedge-recipe-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(folder.FullName, "kedge.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_recipe_confirms_a_journal_while_it_is_in_use()
    {
        await using var store = await SqliteStore.OpenAsync(Database, TimeProvider.System, Cancellation);
        var head = await WriteAsync(store);

        var (exit, output) = await RunAsync(Recipe("diff - named"));

        Assert.Equal(0, exit);
        Assert.Equal($"the chain holds up to {head.Hash}\n" + $$"""{"position":{{head.Position}},"hash":"{{head.Hash}}"}""" + "\n", output);
    }

    [Fact]
    public async Task The_recipe_shows_which_entry_was_changed()
    {
        await using (var store = await SqliteStore.OpenAsync(Database, TimeProvider.System, Cancellation))
        {
            await WriteAsync(store);
        }

        Assert.Equal(0, (await RunAsync("sqlite3 kedge.db \"UPDATE records SET data = CAST(replace(data, 'ops', 'eve') AS BLOB) WHERE position = 4\"")).Exit);

        var (_, output) = await RunAsync(Recipe("diff - named"));
        Assert.StartsWith("5c5\n", output);
        Assert.DoesNotContain("the chain holds", output);

        await using var changed = await SqliteStore.OpenAsync(Database, TimeProvider.System, Cancellation);
        var verified = await JournalVerification.VerifyAsync(changed, [], Cancellation);
        Assert.Equal(4, Assert.Single(verified.Faults).Position);
    }

    [Fact]
    public async Task The_export_is_what_the_recipe_reads()
    {
        await using var store = await SqliteStore.OpenAsync(Database, TimeProvider.System, Cancellation);
        await WriteAsync(store);
        using var export = new MemoryStream();

        Assert.Equal(20, await JournalExport.WriteAsync(store, 0, export, Cancellation));

        await RunAsync(Recipe("diff - named"));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "journal.jsonl"), Cancellation), export.ToArray());
    }

    [Fact]
    public async Task The_journal_can_be_read_by_hand()
    {
        await using (var store = await SqliteStore.OpenAsync(Database, TimeProvider.System, Cancellation))
        {
            await WriteAsync(store);
        }

        var (exit, output) = await RunAsync(Recipe("jq -c"));

        Assert.Equal(0, exit);
        Assert.EndsWith("\"é“ops”\",\"RunResumed\",\"run-20\"]", output.TrimEnd());
    }

    private async Task<JournalHead> WriteAsync(SqliteStore store)
    {
        await using var heads = new FileHeadKeeper(Path.Combine(folder.FullName, "head"), TimeProvider.System);
        var log = new EventLog(store, heads, TimeProvider.System, "é“ops”");
        Assert.True(await log.TryAppendAsync([new JournalOpened("one")], [], Cancellation));
        for (var i = 2; i <= 20; i++)
        {
            Assert.True(await log.TryAppendAsync([new RunResumed(new($"run-{i}"), "ops \\ \"x\"\n")], [], Cancellation));
        }

        return log.Head;
    }

    /// <summary>The block of shell in docs/journal.md that holds some text.</summary>
    private static string Recipe(string holding, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "journal.md"))
            .Split("```sh\n").Skip(1).Select(part => part.Split("```")[0]).Single(block => block.Contains(holding));

    private async Task<(int Exit, string Output)> RunAsync(string script)
    {
        foreach (var tool in new[] { "sqlite3", "jq" })
        {
            Assert.SkipUnless(File.Exists($"/usr/bin/{tool}"), $"needs {tool}: apt-get install {tool}");
        }

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
        })!;
        var output = await shell.StandardOutput.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);
        return (shell.ExitCode, output);
    }
}
