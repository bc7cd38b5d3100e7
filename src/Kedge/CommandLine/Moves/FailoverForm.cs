using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>Unplanned: a site, or some services, are lost.</summary>
internal sealed class FailoverForm(CommandHost host) : MoveForm
{
    private readonly Argument<string[]> services = ServicesArgument(host, required: false);
    private readonly Option<string?> lost = SiteOption(host, "--lost", "The site that is lost: everything that is active there moves.");
    private readonly Option<string?> to = SiteOption(host, "--to", "Where to go; by default the first site that the plan names for each service.");

    public override string Name => "failover";

    public override string Summary => "Recover at another site what is lost: fence, promote, start, switch, verify.";

    public override IReadOnlyList<string> More =>
    [
        "The old side is fenced before anything is promoted. What it had not replicated is lost: the amount is measured and shown first, and where it is unknown or beyond the RPO it must be accepted by name.",
        "For a move in which nothing is lost, while the old side still lives, use switchover.",
    ];

    public override IReadOnlyList<(string Arguments, string Why)> Examples =>
    [
        ("--lost east", "Site east is gone: recover all that was active there, each service at its first recovery site."),
        ("orders --to west", "Only one service is broken: recover it at west."),
    ];

    public override void AddTo(Command command)
    {
        command.Arguments.Add(services);
        command.Options.Add(lost);
        command.Options.Add(to);
    }

    public override MoveRequest Read(Invocation call, KedgePlan plan, Register register, RunBook runs)
    {
        var names = Services(plan, call.Get(services));
        var target = SiteOrNull(plan, call.Get(to));
        if (call.Get(lost) is { } site)
        {
            if (names.Count > 0)
            {
                throw VerbException.Usage("name services or a lost site, not both", "kedge failover --lost SITE, or kedge failover SERVICE --to SITE");
            }

            var gone = Site(plan, site);
            return Request(RunKind.Failover, Scenario.SiteLoss, MoveSelection.OfSite(plan, register, gone, target), $"no service is active at {gone}");
        }

        if (names.Count == 0)
        {
            throw VerbException.Usage("say what is lost", "kedge failover --lost SITE, or kedge failover SERVICE --to SITE");
        }

        return Request(RunKind.Failover, Scenario.ServiceLoss, MoveSelection.OfServices(plan, register, names, target), "nothing would move");
    }
}
