using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Tests.Plan;

public class WhenAPlanIsWhole
{
    private readonly KedgePlan plan = SoundPlan.Read(SoundPlan.Text).Plan!;

    private Service Orders => plan.FindService(new("orders"))!;

    [Fact]
    public void Sites_and_services_stand_by_name_whatever_their_order_in_the_file()
    {
        Assert.Equal(["east", "hill", "west"], plan.Sites.Select(s => s.Name.Value));
        Assert.Equal(["catalogue", "orders"], plan.Services.Select(s => s.Name.Value));
        Assert.Equal(["address", "database", "web"], Orders.Components.Select(c => c.Id.Name));
    }

    [Fact]
    public void An_instance_has_its_own_options_over_its_components_over_the_drivers_defaults()
    {
        var options = plan.FindComponent(new(new("orders"), "database"))!.At(new("west"))!.Options;

        Assert.Equal("127.0.0.12", options.Text("host"));
        Assert.Equal("kedge", options.Text("user"));
        Assert.Equal("pg_ctl", options.Text("manage"));
        Assert.Equal(5432, options.Integer("port"));
        Assert.Equal(10L << 30, options.ByteSize("max-slot-wal-keep-size"));
        Assert.Equal(new SecretReference(SecretSource.Environment, "KEDGE_PG_PASSWORD"), options.Secret("password"));
        Assert.False(options.Has("slot"));
    }

    [Fact]
    public void Instances_stand_in_the_order_of_the_services_sites()
    {
        var moved = SoundPlan.Read(SoundPlan.With("primary: east\n    recovery: [west]", "primary: west\n    recovery: [east]")).Plan!;

        Assert.Equal(["west", "east"], moved.FindComponent(new(new("orders"), "database"))!.Instances.Select(i => i.Id.Site.Value));
    }

    [Fact]
    public void A_service_recovers_where_its_primary_site_says_unless_it_says_so_itself()
    {
        Assert.Equal([new SiteName("west")], plan.FindService(new("catalogue"))!.Recovery);
        Assert.Null(Orders.Decision);
        Assert.Equal(["Operations manager", "acts"], plan.FindService(new("catalogue"))!.Decision!.Approvers);
    }

    [Fact]
    public void Times_shares_and_words_are_values()
    {
        Assert.Equal(new Objectives(TimeSpan.FromHours(2), TimeSpan.FromMinutes(5), TimeSpan.FromDays(1), 0.999), Orders.Objectives);
        Assert.Equal(TimeSpan.FromHours(1), Orders.CommitAfter);
        Assert.Equal(TimeSpan.FromMinutes(15), plan.Decision.Deadline);
        Assert.Equal(AfterDeadline.Escalate, plan.Decision.AfterDeadline);
        Assert.Equal([new Dependency("database", AcrossSites: true)], Orders.Components.Single(c => c.Id.Name == "web").Needs);
        Assert.Equal(["/usr/local/sbin/cut-power", "east"], plan.FindSite(new("east"))!.Fence!);
    }

    [Fact]
    public void A_check_that_names_no_site_is_made_at_each_of_the_services()
    {
        var check = Assert.Single(plan.FindService(new("catalogue"))!.Checks);

        Assert.Equal([new SiteName("east"), new SiteName("west")], check.At.Keys.Order());
        Assert.All(check.At.Values, o => Assert.Equal("http://catalogue.shop.example/", o.Text("url")));
        Assert.Equal(TimeSpan.FromSeconds(5), check.Every);
    }

    [Fact]
    public void A_step_knows_its_place_and_its_runs()
    {
        var step = Assert.Single(Orders.Steps);

        Assert.True(step.Before);
        Assert.Equal(Phase.Switch, step.Phase);
        Assert.Equal([RunKind.Failover], step.Kinds);
        Assert.Equal("Call the warehouse.", step.Options.Text("instruction"));
    }

    [Fact]
    public void Its_version_is_the_hash_of_its_canonical_text()
    {
        Assert.Equal(Kedge.Plan.PlanText.VersionOf(Kedge.Plan.PlanText.Write(plan)), plan.Version);
        Assert.Matches("^[0-9a-f]{64}$", plan.Version.Value);
    }
}
