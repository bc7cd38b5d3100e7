using Kedge.Demo.Evidence;
using Xunit;

namespace Kedge.Tests.Demo;

public class WritableEvidence
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_move_from_one_to_the_other_is_no_overlap()
    {
        var reigns = Reigns.Find([Took("east", 0, 2), Took("east", 5, 7), Refused("east", 10, 12), Refused("west", 0, 2), Took("west", 11, 13), Took("west", 20, 21)]);
        Assert.Equal([("east", 2), ("west", 2)], reigns.Select(r => (r.Site, r.Writes)));
        Assert.Empty(Reigns.FindOverlaps(reigns));
    }

    [Fact]
    public void A_write_taken_by_one_between_two_of_the_other_is_an_overlap()
    {
        var reigns = Reigns.Find([Took("east", 0, 2), Took("west", 4, 6), Took("east", 8, 9)]);
        Assert.Single(Reigns.FindOverlaps(reigns));
    }

    [Fact]
    public void Writes_whose_order_nobody_knows_prove_nothing()
    {
        // Each was acknowledged after the other was sent: either may have come first.
        Assert.Empty(Reigns.FindOverlaps(Reigns.Find([Took("east", 0, 10), Took("west", 1, 11)])));
    }

    [Fact]
    public void A_refusal_ends_a_reign_and_another_may_follow()
    {
        var reigns = Reigns.Find(
        [
            Took("east", 0, 1), Took("east", 5, 6), Refused("east", 10, 11), Took("west", 12, 13), Took("west", 20, 21),
            Refused("west", 25, 26), Took("east", 30, 31), Took("east", 35, 36),
        ]);
        Assert.Equal(["east", "west", "east"], reigns.Select(r => r.Site));
        Assert.Empty(Reigns.FindOverlaps(reigns));
    }

    private static WriteAttempt Took(string site, int from, int to) => new(site, Start.AddMilliseconds(from), Start.AddMilliseconds(to), null);

    private static WriteAttempt Refused(string site, int from, int to) => Took(site, from, to) with { Refused = "read-only" };
}
