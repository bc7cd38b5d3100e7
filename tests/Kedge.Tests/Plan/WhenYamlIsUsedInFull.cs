using Xunit;

namespace Kedge.Tests.Plan;

public class WhenYamlIsUsedInFull
{
    [Fact]
    public void An_alias_stands_for_the_whole_value_that_it_names()
    {
        var plan = SoundPlan.Read(SoundPlan.With(
            "fence: [/usr/local/sbin/cut-power, east]", "fence: &cut [/usr/local/sbin/cut-power, both]", "fence: [/usr/local/sbin/cut-power, west]", "fence: *cut")).Plan!;

        Assert.Equal(plan.FindSite(new("east"))!.Fence!, plan.FindSite(new("west"))!.Fence!);
    }

    [Fact]
    public void What_is_wrong_behind_an_alias_is_said_for_each_use()
    {
        var problems = SoundPlan.Read(SoundPlan.With(
            "fence: [/usr/local/sbin/cut-power, east]", "fence: &cut []", "fence: [/usr/local/sbin/cut-power, west]", "fence: *cut")).Problems;

        Assert.Equal(["sites.east.fence", "sites.west.fence"], problems.Select(p => p.Path));
        Assert.Equal(problems[0].Line, problems[1].Line);
    }

    [Theory]
    [InlineData("title: 1.10", "1.10")]
    [InlineData("title: true", "true")]
    [InlineData("title: 2024-01-01", "2024-01-01")]
    [InlineData("title: !!str null", "null")]
    [InlineData("title: 'null'", "null")]
    [InlineData("title: |\n      Two\n      lines", "Two\nlines\n")]
    [InlineData("title: >-\n      One\n      line", "One line")]
    public void A_text_is_kept_as_it_is_written(string yaml, string title) =>
        Assert.Equal(title, SoundPlan.Read(SoundPlan.With("title: Ordering", yaml)).Plan!.FindService(new("orders"))!.Title);

    [Fact]
    public void A_site_of_which_nothing_is_to_be_said_may_be_left_empty() =>
        Assert.Empty(SoundPlan.Read(SoundPlan.With("hill: { witness: true }", "hill:")).Problems);

    [Fact]
    public void Aliases_of_aliases_end_before_they_fill_the_memory()
    {
        var services = string.Concat(Enumerable.Range(0, 2000).Select(i => $"  s{i}: *service\n"));
        var problems = SoundPlan.Read($$"""
            plan: Laughs
            sites: { east: {} }
            services:
              first: &service
                primary: east
                components:
            {{string.Concat(Enumerable.Range(0, 500).Select(i => $"      c{i}: {(i == 0 ? "&component { driver: systemd, options: { unit: u }, at: { east: {} } }" : "*component")}\n"))}}
            {{services}}
            """).Problems;

        Assert.Equal("KP005", Assert.Single(problems, p => p.IsError).Code);
    }
}
