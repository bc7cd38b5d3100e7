using Kedge.Vault.Check;
using Kedge.Vault.Format;
using Kedge.Vault.Prune;
using Xunit;

namespace Kedge.Vault.Tests.Check;

public sealed class SharesOfTheData
{
    private static readonly ObjectId[] Packs = [.. Enumerable.Range(0, 1000).Select(n => ObjectId.Of(BitConverter.GetBytes(n)))];

    [Fact]
    public void All_parts_together_are_everything_and_no_pack_is_in_two()
    {
        var parts = Enumerable.Range(1, 7).SelectMany(n => Choose($"{n}/7")).ToList();
        Assert.Equal(Enumerable.Range(0, 1000), parts.Order());
        Assert.Equal(Choose("3/7"), Choose("3/7"));
    }

    [Theory]
    [InlineData("100%", 1000)]
    [InlineData("2.5%", 25)]
    [InlineData("0.001%", 1)]
    [InlineData("1K", 103)]
    [InlineData("1G", 1000)]
    public void A_percentage_and_a_size_are_that_many_packs(string share, int packs) => Assert.Equal(packs, Choose(share).Count);

    [Theory]
    [InlineData("")]
    [InlineData("0/7")]
    [InlineData("8/7")]
    [InlineData("1/257")]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("-5%")]
    [InlineData("half")]
    [InlineData("0")]
    [InlineData("99999999999999E")]
    public void What_is_no_share_is_refused(string share) =>
        Assert.Equal(VaultFault.Misuse, Assert.Throws<VaultException>(() => DataShare.Parse(share)).Fault);

    [Theory]
    [InlineData("5%", 1900, 100)]
    [InlineData("0", 1900, 0)]
    [InlineData("0%", 1900, 0)]
    [InlineData("1.5K", 1900, 1536)]
    [InlineData("unlimited", 1900, long.MaxValue)]
    public void A_limit_for_what_is_unused_is_of_all_that_is_left(string limit, long used, long unused) =>
        Assert.Equal(unused, UnusedLimit.Parse(limit).For(used));

    [Theory]
    [InlineData("100%")]
    [InlineData("some")]
    [InlineData("-1")]
    public void What_is_no_limit_is_refused(string limit) =>
        Assert.Equal(VaultFault.Misuse, Assert.Throws<VaultException>(() => UnusedLimit.Parse(limit)).Fault);

    private static List<int> Choose(string share) => DataShare.Parse(share).Choose([.. Enumerable.Range(0, 1000)], n => Packs[n], _ => 10);
}
