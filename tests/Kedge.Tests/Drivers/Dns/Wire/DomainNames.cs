using Kedge.Drivers.Dns.Wire;
using Xunit;

namespace Kedge.Tests.Drivers.Dns.Wire;

public class DomainNames
{
    [Theory]
    [InlineData("shop.example", "shop.example")]
    [InlineData("shop.example.", "shop.example")]
    [InlineData("Shop.Example", "Shop.Example")]
    [InlineData("*.shop.example", "*.shop.example")]
    [InlineData(@"a\.b.example", @"a\.b.example")]
    [InlineData(@"a\046b.example", @"a\.b.example")]
    [InlineData(@"back\\slash", @"back\\slash")]
    [InlineData(@"null\000.example", @"null\000.example")]
    [InlineData(".", ".")]
    public void A_name_reads_as_zone_files_spell_it(string text, string shown)
    {
        var name = DnsName.Parse(text);
        Assert.Equal(shown, name.ToString());
        Assert.Equal(name, DnsName.Parse(name.ToString()));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("..", "it has an empty label")]
    [InlineData(".example", "it has an empty label")]
    [InlineData("a..example", "it has an empty label")]
    [InlineData("bücher.example", "xn--")]
    [InlineData("a b.example", "not ASCII")]
    [InlineData(@"cut\", "broken escape")]
    [InlineData(@"cut\12", "broken escape")]
    [InlineData(@"big\256", "broken escape")]
    public void What_is_no_name_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(DnsName.TryParse(text, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_may_have_63_bytes_and_no_more()
    {
        Assert.True(DnsName.TryParse(new string('a', 63) + ".example", out _, out _));
        Assert.False(DnsName.TryParse(new string('a', 64) + ".example", out _, out var problem));
        Assert.Contains("63", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_may_have_255_bytes_and_no_more()
    {
        // Four labels with their length bytes, and the root: 64 + 64 + 64 + 62 + 1 = 255.
        var longest = $"{new string('a', 63)}.{new string('b', 63)}.{new string('c', 63)}.{new string('d', 61)}";
        Assert.True(DnsName.TryParse(longest, out var name, out _));
        Assert.Equal(255, name.Wire.Length);
        Assert.False(DnsName.TryParse(longest + "d", out _, out var problem));
        Assert.Contains("255", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_differ_in_case_are_equal()
    {
        Assert.Equal(DnsName.Parse("ORDERS.shop.Example"), DnsName.Parse("orders.SHOP.example"));
        Assert.Equal(DnsName.Parse("ORDERS.shop.Example").GetHashCode(), DnsName.Parse("orders.SHOP.example").GetHashCode());
        Assert.NotEqual(DnsName.Parse("orders.shop.example"), DnsName.Parse("order.shop.example"));
    }

    [Theory]
    [InlineData("orders.shop.example", "shop.example", true)]
    [InlineData("shop.example", "SHOP.example", true)]
    [InlineData("bookshop.example", "shop.example", false)]
    [InlineData("example", "shop.example", false)]
    [InlineData("shop.example", ".", true)]
    [InlineData("orders.shop.example.net", "shop.example", false)]
    public void A_name_is_within_a_zone_by_whole_labels(string name, string zone, bool within) =>
        Assert.Equal(within, DnsName.Parse(name).IsWithin(DnsName.Parse(zone)));
}
