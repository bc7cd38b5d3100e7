using Kedge.Demo.Client;
using Kedge.Demo.Story;
using Kedge.Tests.Golden;
using Spectre.Console.Rendering;
using Xunit;

namespace Kedge.Tests.Demo;

/// <summary>All pages of the demo's story, told from fixed facts.</summary>
public class StoryBoard
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(80, true)]
    [InlineData(120, true)]
    [InlineData(80, false)]
    public void It_reads_well_at(int width, bool unicode)
    {
        var text = Tell(width, unicode, terminal: false);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));
        if (!unicode)
        {
            Assert.True(text.All(char.IsAscii), "a plain log holds nothing but ASCII");
        }

        GoldenFile.Matches(text, $"story-{width}{(unicode ? "" : "-ascii")}.txt");
    }

    [Fact]
    public void A_log_holds_no_control_sequence() => Assert.DoesNotContain('\e', Tell(80, unicode: true, terminal: false));

    [Fact]
    public void A_terminal_that_is_too_narrow_gets_shorter_lines_and_no_error()
    {
        var text = Tell(44, unicode: true, terminal: false);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 44, line));
    }

    [Fact]
    public void Lines_of_a_log_say_the_same_as_the_chart()
    {
        Assert.Equal(
            "Promote Orders database at west: done after 140 ms, begun at 30 ms",
            GanttChart.StepInWords(Steps()[2]));
        Assert.Equal("Tell the warehouse at west: skipped", GanttChart.StepInWords(new("Tell the warehouse", "west", null, null, StepOutcome.Skipped)));
    }

    [Fact]
    public async Task A_log_tells_the_news_once_and_ends_with_the_picture_between_single_empty_lines()
    {
        using var output = new StringWriter();
        var teller = new StoryTeller(StoryTeller.ForText(output, terminal: false, unicode: true), TimeProvider.System);
        teller.Say("before");
        teller.Gap();
        await teller.FollowAsync(
            () => OpeningPages.Sentence("picture", Tone.Plain), () => ["first", "second"], Task.CompletedTask, TestContext.Current.CancellationToken);
        teller.Gap();
        teller.Say("after");
        Assert.Equal("  before\n\n  first\n  second\n\n  picture\n\n  after\n", output.ToString().ReplaceLineEndings("\n"));
    }

    private static string Tell(int width, bool unicode, bool terminal)
    {
        using var output = new StringWriter();
        var console = StoryTeller.ForText(output, terminal, unicode);
        console.Profile.Width = width;
        foreach (var page in Pages())
        {
            console.Write(page);
        }

        return string.Join('\n', output.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()));
    }

    private static IEnumerable<IRenderable> Pages() =>
    [
        OpeningPages.Headline("Kedge demo", "A small bookshop at two sites, in real processes on this machine, and a disaster."),
        OpeningPages.Gap,
        OpeningPages.Chapter("The shop", TimeSpan.FromSeconds(4)),
        OpeningPages.Sites(Site("east", "Data centre East", "127.0.0.11", active: true), Site("west", "Data centre West", "127.0.0.12", active: false), "orders.shop.example", "127.0.0.11"),
        OpeningPages.Gap,
        OrderPages.Counters(Orders(240), Start.AddSeconds(10)),
        OpeningPages.Gap,
        OpeningPages.Chapter("The disaster", TimeSpan.FromSeconds(9)),
        OpeningPages.Sentence("Every process of the east is killed at once: 14 of them, the database, the order desk and the catalogue, with everything that they had not yet sent to the west.", Tone.Bad),
        OpeningPages.Gap,
        IncidentPages.Moments(
        [
            new(TimeSpan.Zero, "disaster", "all 14 processes of the east are killed", Tone.Bad),
            new(TimeSpan.FromSeconds(0.41), "first failure", "order desk at east: connection refused", Tone.Plain),
            new(TimeSpan.FromSeconds(0.93), "detected", "orders and catalogue are down at east, each confirmed by two more checks a quarter of a second apart", Tone.Plain),
            new(TimeSpan.FromSeconds(0.94), "incident", "site loss: every service of the east fails", Tone.Waiting),
        ]),
        OpeningPages.Gap,
        OpeningPages.Chapter("The decision", TimeSpan.FromSeconds(10)),
        IncidentPages.Decision(new(
            "Fail over orders and catalogue from east to west?",
            [
                ("steps", "9, of which 6 run beside others"),
                ("takes", "1.4 s as predicted, and a second until every resolver has the new address; the objective is 30 s"),
                ("loses", "at most 0.9 s of orders; the objective is 5 s"),
                ("ready", "yes, checked 4 s ago"),
            ])),
        OpeningPages.Gap,
        OpeningPages.Chapter("The failover", TimeSpan.FromSeconds(11)),
        GanttChart.Of(Steps(), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1.4)),
        OpeningPages.Gap,
        OutcomePages.Clocks(
        [
            ("outage", TimeSpan.Zero), ("detected", TimeSpan.FromSeconds(0.93)), ("declared", TimeSpan.FromSeconds(0.94)),
            ("decided", TimeSpan.FromSeconds(0.98)), ("serving", TimeSpan.FromSeconds(1.61)), ("verified", TimeSpan.FromSeconds(1.8)),
        ]),
        OpeningPages.Gap,
        OutcomePages.Objectives(
        [
            new("Recovery time", TimeSpan.FromSeconds(2.31), TimeSpan.FromSeconds(30), "from the disaster to the first order acknowledged in the west"),
            new("Data loss", TimeSpan.FromMilliseconds(40), TimeSpan.FromSeconds(5), "2 of 1,204 acknowledged orders are missing"),
            new("Data loss", null, TimeSpan.FromSeconds(5), "the old copy cannot be read"),
            new("Recovery time", TimeSpan.FromSeconds(45.2), TimeSpan.FromSeconds(30), "from the disaster to the first order acknowledged in the west"),
        ]),
        OpeningPages.Gap,
        OrderPages.Timeline(Orders(240), Start, Start.AddSeconds(10)),
        OpeningPages.Gap,
        OpeningPages.Chapter("And back again", TimeSpan.FromSeconds(75)),
        OutcomePages.Move("west", "east", new(TimeSpan.FromSeconds(2.8), TimeSpan.FromSeconds(0.21), 0, 0)),
        OutcomePages.Move("west", "east", new(TimeSpan.FromSeconds(2.8), TimeSpan.FromSeconds(0.74), 1, 2)),
        OpeningPages.Gap,
        OpeningPages.Chapter("In the end", TimeSpan.FromSeconds(80)),
        OutcomePages.Verdict(new(
            [
                (true, "The shop was back 2.31 s after it had lost a whole site."),
                (false, "No acknowledged order may be lost: 2 of 1,204 are."),
                (true, OutcomePages.WatchInWords(new(4812, 0))),
                (false, OutcomePages.WatchInWords(new(4812, 1))),
            ],
            TimeSpan.FromSeconds(71))),
        OutcomePages.Verdict(new([(true, "The shop was back 2.31 s after it had lost a whole site.")], TimeSpan.FromSeconds(71))),
    ];

    private static SiteFacts Site(string name, string title, string address, bool active) => new(name, title, address,
    [
        new("order desk", active ? PartState.Running : PartState.Dormant, active ? "serving" : "dormant"),
        new("catalogue", active ? PartState.Running : PartState.Dead, active ? "serving" : "lost"),
        new("orders database", PartState.Running, active ? "primary" : "standby, 0 B behind"),
    ]);

    private static List<StepBar> Steps() =>
    [
        new("Fence Orders database", "east", Ms(2), Ms(28), StepOutcome.Done),
        new("Stop Order desk, if that can still be done", "east", Ms(2), Ms(9), StepOutcome.Failed),
        new("Promote Orders database", "west", Ms(30), Ms(170), StepOutcome.Done),
        new("Start Order desk", "west", Ms(5), Ms(220), StepOutcome.Done),
        new("Start Catalogue pages", "west", Ms(5), Ms(203), StepOutcome.Done),
        new("Point orders.shop.example to the recovery site and see it there", "west", Ms(222), Ms(245), StepOutcome.Done),
        new("Point catalogue.shop.example", "west", Ms(205), Ms(230), StepOutcome.Done),
        new("Verify orders end to end", "west", Ms(700), null, StepOutcome.Running),
        new("Verify catalogue end to end", "west", null, null, StepOutcome.Waiting),
        new("Tell the warehouse", "west", null, null, StepOutcome.Skipped),
    ];

    private static OrderFigures Orders(int count)
    {
        var figures = new OrderFigures();
        figures.Add(Enumerable.Range(1, count).Select(i =>
        {
            var at = Start.AddSeconds(i * 0.04);
            var refused = i is > 100 and <= 160 ? "connection refused" : null;
            return new OrderOutcome(at, i, at, "127.0.0.11", refused);
        }));
        return figures;
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
