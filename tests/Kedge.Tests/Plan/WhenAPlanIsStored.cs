using Kedge.Plan;
using Kedge.Plan.Contracts;
using Xunit;

namespace Kedge.Tests.Plan;

public class WhenAPlanIsStored
{
    private static readonly string Stored = PlanText.Write(SoundPlan.Read(SoundPlan.Text).Plan!);

    [Fact]
    public void It_is_read_as_it_was()
    {
        var plan = SoundPlan.Read(SoundPlan.Text).Plan!;

        var again = new PlanReader(SampleContracts.All).ReadStored(Stored);

        Assert.Empty(again.Problems);
        Assert.Equal(Structure.Of(plan), Structure.Of(again.Plan));
    }

    [Fact]
    public void It_keeps_its_version_although_a_driver_has_learned_an_option()
    {
        var newer = Changed("dns", c => c with
        {
            Options = [.. c.Options, new() { Name = "patience", Type = OptionType.Duration, Help = "How long.", Default = "5s" }],
        });

        var plan = new PlanReader(newer).ReadStored(Stored).Plan!;

        Assert.Equal(PlanText.VersionOf(Stored), plan.Version);
        Assert.Equal(TimeSpan.FromSeconds(5), plan.FindComponent(new(new("orders"), "address"))!.Instances[0].Options.Duration("patience"));
    }

    [Fact]
    public void It_is_there_although_a_driver_refuses_now_what_it_took_then()
    {
        var stricter = Changed("dns", c => c with { Review = _ => [new(null, "ttl", IsError: true, "ttl", "too short", "write 5s")] });

        var reading = new PlanReader(stricter).ReadStored(Stored);

        Assert.NotNull(reading.Plan);
        Assert.Contains(reading.Problems, p => p.Code == "dns.ttl");
        Assert.Null(new PlanReader(stricter).Read([new("kedge.yaml", SoundPlan.Text)]).Plan);
    }

    private static List<DriverContract> Changed(string kind, Func<DriverContract, DriverContract> change) =>
        [.. SampleContracts.All.Select(c => c.Kind == kind ? change(c) : c)];
}
