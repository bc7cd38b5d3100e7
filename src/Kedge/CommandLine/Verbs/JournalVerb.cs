using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kedge.CommandLine.Rendering.Json;
using Kedge.CommandLine.Rendering.State;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Nodes;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge journal</c>: everything that happened, and whether anybody changed it since.</summary>
internal static class JournalVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var verb = new Verb("journal", "Everything that happened: read it, verify it, export it.")
        {
            Group = "Carry",
            Examples =
            [
                new("kedge journal show --last 20", "What happened lately."),
                new("kedge journal verify", "Did anybody change it, or cut it off?"),
            ],
        };
        verb.Subcommands.Add(Show(host, globals));
        verb.Subcommands.Add(Verify(host, globals));
        verb.Subcommands.Add(Export(host, globals));
        return verb;
    }

    private static int? HowMany(ArgumentResult typed)
    {
        var text = typed.Tokens.Count == 0 ? "" : typed.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }

        typed.AddError($"'{text}' is no whole number from 1 on");
        return null;
    }

    private static Verb Show(CommandHost host, GlobalOptions globals)
    {
        var last = new Option<int?>("--last") { Description = "Only the newest entries, this many.", HelpName = "N", CustomParser = HowMany };
        var run = new Option<string?>("--run") { Description = "Only what concerns this run.", HelpName = "RUN" };
        var verb = new Verb("show", "Show the journal, a line for each entry.")
        {
            Examples = [new("kedge journal show --run run-3", "All that happened in one run."), new("kedge journal show --json", "Entries with all their fields, as JSON.")],
            Exits = [ExitCodes.NothingToDo],
        };
        verb.Options.Add(last);
        verb.Options.Add(run);
        return verb.Does(host, globals, (call, cancellation) => WithJournal(call, async journal =>
        {
            var entries = new List<JournalEntry>();
            await journal.ReadAsync(entries.Add, cancellation);
            var id = call.Get(run) is { } name && !name.StartsWith("run-", StringComparison.Ordinal) ? $"run-{name}" : call.Get(run);
            var shown = entries.Where(e => id is null || RunOf(e) == id).TakeLast(call.Get(last) ?? int.MaxValue).ToList();
            var page = new Page(call.Terminal.Width);
            var table = new Table([new("#", Right: true), new($"At ({Figures.Zone(call.Now, call.Zone)})"), new("By", Flexible: true, Narrowest: 6), new("What", Flexible: true, Narrowest: 30)]);
            shown.ForEach(e => table.Add([$"{e.Position}", $"{Figures.At(e.At, call.Zone)}{e.At:.fff}", Styled.Quiet(e.By), EventText.Of(e.Event)]));
            call.Terminal.Show(page.Table(table));
            call.Terminal.Result(new JsonArray([.. shown.Select(Entry)]));
            return ExitCodes.Fine;
        }));
    }

    private static Verb Verify(CommandHost host, GlobalOptions globals)
    {
        var head = new Option<string?>("--head") { Description = "A head from a printed report, to hold the journal against.", HelpName = "ENTRY:HASH" };
        var verb = new Verb("verify", "Find any change to the journal: of an entry, of their order, of the end.")
        {
            More = ["Each entry names the hash of the one before. That alone does not show a tail that was cut off, so the newest entry is also held against the head that is kept beside the store, and against one that a report had printed."],
            Examples = [new("kedge journal verify", "Against the chain and the head beside the store."), new("kedge journal verify --head 57:9f2c…", "Against a printed report, too.")],
            Exits = [ExitCodes.Refused, ExitCodes.NothingToDo],
        };
        verb.Options.Add(head);
        return verb.Does(host, globals, (call, cancellation) => WithJournal(call, async journal =>
        {
            var verdict = await journal.VerifyAsync(Parse(call.Get(head)), cancellation);
            call.Terminal.Show([verdict.Whole ? Styled.Good("whole: ") + verdict.What : Styled.Bad("NOT WHOLE: ") + verdict.What]);
            if (verdict.Whole)
            {
                call.Terminal.Show([Styled.Quiet($"newest entry {verdict.Head.Position}:{verdict.Head.Hash}")]);
            }

            call.Terminal.Result(new JsonObject { ["whole"] = verdict.Whole, ["what"] = verdict.What, ["head"] = RunJson.Head(verdict.Head) });
            return verdict.Whole ? ExitCodes.Fine : ExitCodes.Refused;
        }));
    }

    private static Verb Export(CommandHost host, GlobalOptions globals)
    {
        var output = new Option<string?>("--output", "-o") { Description = "Write to this file instead of standard output; it must not exist.", HelpName = "FILE" };
        var verb = new Verb("export", "Write every record as it is stored, one JSON object a line; the hashes are of these very bytes.")
        {
            Examples =
            [
                new("kedge journal export | jq .event.type", "With stock tools."),
                new("kedge journal export | head -1 | tr -d '\\n' | sha256sum", "The hash that the second record names as its previous."),
            ],
            Exits = [ExitCodes.NothingToDo],
        };
        verb.Options.Add(output);
        return verb.Does(host, globals, (call, cancellation) => WithJournal(call, async journal =>
        {
            await using var file = call.Get(output) is { } path ? Create(Path.GetFullPath(path, call.Host.Folder)) : null;
            var count = 0L;
            await journal.ExportAsync(
                async record =>
                {
                    count++;
                    var line = System.Text.Encoding.UTF8.GetString(record.Span);
                    await (file is null ? call.Host.Output.WriteLineAsync(line) : file.WriteLineAsync(line));
                },
                cancellation);
            if (file is not null)
            {
                call.Terminal.Say($"{Figures.Count((int)count, "record")} written");
            }

            return ExitCodes.Fine;
        }));
    }

    private static Task<int> WithJournal(Invocation call, Func<StoredJournal, Task<int>> work)
    {
        if (!File.Exists(Path.Combine(call.Location.State, "kedge.db")))
        {
            throw new VerbException(ExitCodes.NothingToDo, $"there is no state in {call.Location.State} yet", "name it with --state DIR");
        }

        return Task.FromResult(NodeContext.Run(async () =>
        {
            await using var journal = await StoredJournal.OpenAsync(call.Location.State, call.Host.Time, CancellationToken.None);
            return await work(journal);
        }));
    }

    private static JsonNode? Entry(JournalEntry entry) => JsonSerializer.SerializeToNode(
        new StoredEntry(entry.Position, entry.At, entry.By, entry.Previous, entry.Event), JournalJson.Default.StoredEntry);

    /// <summary>Every event of a run carries its name as <c>run</c>.</summary>
    private static string? RunOf(JournalEntry entry) =>
        JsonSerializer.SerializeToNode(entry.Event, JournalJson.Default.JournalEvent)?["run"]?.GetValue<string>();

    private static JournalHead? Parse(string? head)
    {
        if (head is null)
        {
            return null;
        }

        var colon = head.IndexOf(':');
        return colon > 0 && long.TryParse(head.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new(position, head[(colon + 1)..].Trim().ToLowerInvariant())
            : throw VerbException.Usage($"'{head}' is no head", "write it as the report prints it: ENTRY:HASH");
    }

    private static StreamWriter Create(string path)
    {
        try
        {
            return new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
        }
        catch (IOException)
        {
            throw new VerbException(ExitCodes.Failed, $"{path} cannot be created", "name a file that does not exist yet, in a folder that does");
        }
    }
}
