using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Kedge.Journal.Events;
using Xunit;

namespace Kedge.Tests.Journal;

public class EventsReadme
{
    private const string Readme = "src/Kedge/Journal/Events/README.md";
    private const string Page = "docs/journal.md";

    [Fact]
    public void Every_event_is_explained_once_to_whoever_reads_the_journal_by_hand()
    {
        var explained = Rows(Readme).Select(r => r.Split('`')[1]);
        var events = typeof(JournalEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(t => t.TypeDiscriminator!.ToString()!);

        Assert.Equal(events.Order(), explained.Order());
    }

    [Fact]
    public void The_page_in_the_manual_has_the_same_table()
    {
        if (Environment.GetEnvironmentVariable("KEDGE_ACCEPT_GOLDEN") == "1")
        {
            var text = File.ReadAllText(InRepository(Page));
            var (start, end) = (text.IndexOf("| event |", StringComparison.Ordinal), text.LastIndexOf("|\n", StringComparison.Ordinal) + 2);
            File.WriteAllText(InRepository(Page), text[..start] + Table(Readme) + text[end..]);
        }

        Assert.Equal(Table(Readme), Table(Page));
    }

    private static string Table(string file) =>
        string.Concat(File.ReadLines(InRepository(file)).SkipWhile(l => !l.StartsWith("| event |")).TakeWhile(l => l.StartsWith('|')).Select(l => l + "\n"));

    private static IEnumerable<string> Rows(string file) => Table(file).Split('\n').Where(l => l.StartsWith("| `"));

    private static string InRepository(string path, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", path);
}
