using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>Planned: services go back to their primary site.</summary>
internal sealed class FailbackForm(CommandHost host) : MoveForm
{
    private readonly Argument<string[]> services = ServicesArgument(host, required: false);

    public override string Name => "failback";

    public override string Summary => "Move services back to their primary site; nothing is lost.";

    public override IReadOnlyList<string> More =>
    [
        "A switchover to the site that the plan calls primary. After a failover, commit and reprotect first: the primary site must be the standby before it can take over again.",
    ];

    public override IReadOnlyList<(string Arguments, string Why)> Examples =>
    [
        ("", "Bring back every service that is active away from its primary site."),
        ("orders", "Bring back one."),
    ];

    public override void AddTo(Command command) => command.Arguments.Add(services);

    public override MoveRequest Read(Invocation call, KedgePlan plan, Register register, RunBook runs)
    {
        var names = Services(plan, call.Get(services));
        var away = plan.Services.Where(s => names.Count == 0 || names.Contains(s.Name))
            .Where(s => register.ActiveSite(s) != s.Primary)
            .Select(s => new Move(s.Name, register.ActiveSite(s), s.Primary)).ToList();
        return Request(RunKind.Failback, Scenario.PlannedMaintenance, new(away, []), "every service is active at its primary site");
    }
}
