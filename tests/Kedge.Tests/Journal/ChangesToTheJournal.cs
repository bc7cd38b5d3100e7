using System.Text;
using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Kedge.Store;
using Kedge.Tests.Store;
using Xunit;

namespace Kedge.Tests.Journal;

/// <summary>Somebody, or a bad disk, changed a journal of ten entries; verification says what and where.</summary>
public sealed class ChangesToTheJournal : IAsyncDisposable
{
    private readonly ListStore store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_journal_that_nobody_touched_holds()
    {
        var head = await WriteAsync(store, "b7e0c2f49d5a4e1f", 10);

        var verified = await JournalVerification.VerifyAsync(
            store, [new("the head file", head), new("the report of run-1", Head(4))], Cancellation);

        Assert.True(verified.Holds);
        Assert.Equal(10, verified.Entries);
        Assert.Equal(head, verified.Head);
        Assert.Equal("b7e0c2f49d5a4e1f", verified.Journal);
    }

    [Fact]
    public async Task An_empty_journal_holds_where_none_is_remembered()
    {
        Assert.True((await JournalVerification.VerifyAsync(store, [], Cancellation)).Holds);
    }

    [Fact]
    public async Task A_changed_entry_is_named()
    {
        await WriteAsync(store, "one", 10);
        Edit(4, text => text.Replace("\"by\":\"east-1\"", "\"by\":\"east-2\""));

        Assert.Equal(
            ["4 Changed: entry 4 was changed: its hash is not the one that entry 5 names"], await FaultsAsync());
    }

    [Fact]
    public async Task A_changed_link_is_narrowed_down_to_two_entries()
    {
        await WriteAsync(store, "one", 10);
        Edit(5, text => text.Replace("\"previous\":\"", "\"previous\":\"0")[..^1] + "}");

        Assert.Equal(
            ["4 Changed: entry 4 or 5, or both, were changed: the hash of 4 is not the one that 5 names", "5 Changed: entry 5 was changed: its hash is not the one that entry 6 names"],
            await FaultsAsync());
    }

    [Fact]
    public async Task A_change_of_the_newest_entry_is_seen_by_its_head()
    {
        var head = await WriteAsync(store, "one", 10);
        var report = Head(6);
        Edit(10, text => text.Replace("ops", "oops"));

        Assert.Empty(await FaultsAsync());
        Assert.Equal(
            ["10 Changed: entry 10 is not the one that the head file remembers: it, or entries before it, were written anew. Entries 1 to 6 are those that the report of run-1 remembers."],
            await FaultsAsync(new("the head file", head), new("the report of run-1", report)));
    }

    [Fact]
    public async Task An_entry_that_is_no_longer_JSON_is_named()
    {
        await WriteAsync(store, "one", 10);
        Edit(7, _ => "garbage");

        Assert.Equal(["7 Changed: entry 7 was changed: it is no longer an entry in JSON"], await FaultsAsync());
    }

    [Fact]
    public async Task Missing_entries_are_named()
    {
        await WriteAsync(store, "one", 10);
        store.Records.RemoveRange(3, 2);

        Assert.Equal(["4 Missing: entries 4 to 5 are missing"], await FaultsAsync());
    }

    [Fact]
    public async Task An_entry_that_was_taken_out_is_noticed_although_the_others_were_moved_up()
    {
        await WriteAsync(store, "one", 10);
        store.Records.RemoveAt(3);
        Renumber();

        Assert.Equal(
            ["4 Reordered: entry 5 stands in the place of entry 4: entries were moved, or some in between taken out"],
            await FaultsAsync());
    }

    [Fact]
    public async Task Entries_that_changed_places_are_named()
    {
        await WriteAsync(store, "one", 10);
        (store.Records[4], store.Records[5]) = (store.Records[5], store.Records[4]);
        Renumber();

        Assert.Equal(
            [
                "5 Reordered: entry 6 stands in the place of entry 5: entries were moved, or some in between taken out",
                "6 Reordered: entry 5 stands in the place of entry 6: entries were moved, or some in between taken out",
            ],
            await FaultsAsync());
    }

    [Fact]
    public async Task A_cut_off_beginning_is_seen()
    {
        await WriteAsync(store, "one", 10);
        store.Records.RemoveRange(0, 3);

        Assert.Equal(["1 Missing: entries 1 to 3 are missing"], await FaultsAsync());
    }

    [Fact]
    public async Task A_cut_off_tail_is_seen_only_by_heads_that_were_kept_elsewhere()
    {
        var head = await WriteAsync(store, "one", 10);
        var report = Head(5);
        store.Records.RemoveRange(7, 3);

        Assert.Empty(await FaultsAsync());
        Assert.Empty(await FaultsAsync(new RememberedHead("the report of run-1", report)));
        Assert.Equal(
            ["8 CutOff: the journal ends at entry 7, but the head file remembers entry 10: entries 8 to 10 are missing. Entries 1 to 5 are those that the report of run-1 remembers."],
            await FaultsAsync(new("the head file", head), new("the report of run-1", report)));
    }

    [Fact]
    public async Task A_journal_that_is_gone_altogether_is_seen()
    {
        var head = await WriteAsync(store, "one", 2);
        store.Records.Clear();

        Assert.Equal(
            ["1 CutOff: the journal ends at entry 0, but the head file remembers entry 2: entries 1 to 2 are missing. No remembered head agrees with this journal: it may be another one, put in its place."],
            await FaultsAsync(new RememberedHead("the head file", head)));
    }

    [Fact]
    public async Task Another_journal_in_its_place_is_seen()
    {
        var other = new ListStore();
        var head = await WriteAsync(other, "another", 6);
        await WriteAsync(store, "one", 10);

        Assert.Equal(
            ["6 Replaced: entry 6 is not the one that the head file remembers: it, or entries before it, were written anew. No remembered head agrees with this journal: it may be another one, put in its place."],
            await FaultsAsync(new RememberedHead("the head file", head)));
    }

    [Fact]
    public async Task A_tail_that_was_written_anew_with_a_chain_that_holds_is_seen()
    {
        var head = await WriteAsync(store, "one", 10);
        var report = Head(5);
        store.Records.RemoveRange(7, 3);
        await WriteAsync(store, "one", 4);

        Assert.Equal(
            ["10 Changed: entry 10 is not the one that the head file remembers: it, or entries before it, were written anew. Entries 1 to 5 are those that the report of run-1 remembers."],
            await FaultsAsync(new("the head file", head), new("the report of run-1", report)));
    }

    [Fact]
    public async Task Events_of_a_newer_version_verify_too()
    {
        await WriteAsync(store, "one", 2);
        var newer = Encoding.UTF8.GetBytes(
            $$$"""{"position":3,"at":"2031-01-01T00:00:00+00:00","by":"east-1","previous":"{{{Head(2).Hash}}}","event":{"type":"SomethingNew"}}""");
        store.Records.Add(new StoredRecord(3, newer));

        Assert.Empty(await FaultsAsync());
    }

    [Fact]
    public async Task Whatever_byte_is_changed_it_is_seen()
    {
        var head = await WriteAsync(store, "one", 5);
        var random = new Random(20260301);
        for (var i = 0; i < 400; i++)
        {
            var position = random.Next(store.Records.Count);
            var kept = store.Records[position];
            var bytes = kept.Data.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            store.Records[position] = kept with { Data = bytes };

            var faults = (await JournalVerification.VerifyAsync(store, [new("the head file", head)], Cancellation)).Faults;
            Assert.NotEmpty(faults);
            Assert.InRange(faults[0].Position, position, position + 1);
            store.Records[position] = kept;
        }
    }

    /// <summary>Appends until the journal has that many entries more, the first of all naming the journal.</summary>
    private static async Task<JournalHead> WriteAsync(ListStore store, string journal, int entries)
    {
        var log = new EventLog(store, new RememberingHeads(), new HandSetClock(), "east-1");
        await log.CatchUpAsync([], Cancellation);
        for (var i = 0; i < entries; i++)
        {
            JournalEvent what = log.Head.Position == 0 ? new JournalOpened(journal) : new RunResumed(new($"run-{i}"), "ops");
            Assert.True(await log.TryAppendAsync([what], [], Cancellation));
        }

        return log.Head;
    }

    private JournalHead Head(int position) => new(position, EntryCodec.HashOf(store.Records[position - 1].Data.Span));

    private void Edit(int position, Func<string, string> edit)
    {
        var record = store.Records[position - 1];
        store.Records[position - 1] = record with { Data = Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(record.Data.Span))) };
    }

    private void Renumber()
    {
        for (var i = 0; i < store.Records.Count; i++)
        {
            store.Records[i] = store.Records[i] with { Position = i + 1 };
        }
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(params RememberedHead[] heads)
    {
        var verified = await JournalVerification.VerifyAsync(store, heads, Cancellation);
        return [.. verified.Faults.Select(f => $"{f.Position} {f.Kind}: {f.What}")];
    }
}
