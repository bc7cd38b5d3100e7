using Kedge.Demo.Client;
using Kedge.Demo.Story;
using Xunit;

namespace Kedge.Tests.Demo;

public sealed class Ledgers : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_line_that_is_still_being_written_is_read_once_it_is_whole()
    {
        using (var ledger = new OrderLedger(path))
        {
            ledger.Append(Outcome(1, 0, "127.0.0.11", null));
        }

        var reader = new OrderLedger.Reader(path);
        Assert.Equal([1], reader.ReadNew().Select(o => o.Order));
        var line = File.ReadAllText(path).Replace("\"order\":1", "\"order\":2", StringComparison.Ordinal);
        File.AppendAllText(path, line[..20]);
        Assert.Empty(reader.ReadNew());
        File.AppendAllText(path, line[20..]);
        Assert.Equal([2], reader.ReadNew().Select(o => o.Order));
    }

    [Fact]
    public void The_recovery_time_ends_with_the_first_order_that_the_other_site_acknowledged()
    {
        var figures = new OrderFigures();
        figures.Add(
        [
            Outcome(1, 0.0, "127.0.0.11", null), Outcome(2, 1.1, "127.0.0.11", null), Outcome(3, 1.2, "127.0.0.11", "connection refused"),
            Outcome(4, 3.5, null, "no address"), Outcome(5, 4.0, "127.0.0.12", null), Outcome(6, 4.1, "127.0.0.12", null),
        ]);
        Assert.Equal(TimeSpan.FromSeconds(3), figures.RecoveryTime(Start.AddSeconds(1), "127.0.0.12"));
        Assert.Equal((4, 2), (figures.Acknowledged, figures.Refused));
        Assert.Equal(TimeSpan.FromSeconds(2.9), figures.LongestSilence(Start, Start.AddSeconds(5)));
        Assert.Equal([(1, 0), (1, 1), (0, 0), (0, 1)], figures.Count(Start, TimeSpan.FromSeconds(1), 4));
    }

    [Theory]
    [InlineData(1.5, 0.6)]
    [InlineData(0.95, 0.2)]
    public void What_is_lost_reaches_from_the_newest_order_that_was_kept_to_the_outage(double disaster, double seconds)
    {
        var figures = new OrderFigures();
        OrderOutcome[] lost = [Outcome(2, 1.0, "127.0.0.11", null), Outcome(3, 1.1, "127.0.0.11", null)];
        figures.Add([Outcome(1, 0.9, "127.0.0.11", null), .. lost, Outcome(4, 2.0, "127.0.0.12", null)]);
        Assert.Equal(TimeSpan.FromSeconds(seconds), figures.LostTime(Start.AddSeconds(disaster), lost));
        Assert.Equal(TimeSpan.Zero, figures.LostTime(Start.AddSeconds(disaster), []));
    }

    [Fact]
    public void A_time_without_any_order_is_all_silence()
    {
        var figures = new OrderFigures();
        Assert.Equal(TimeSpan.FromSeconds(7), figures.LongestSilence(Start, Start.AddSeconds(7)));
        Assert.Null(figures.RecoveryTime(Start, "127.0.0.12"));
    }

    private static OrderOutcome Outcome(long order, double at, string? address, string? refused) =>
        new(Start.AddSeconds(at), order, Start.AddSeconds(at), address, refused);
}
