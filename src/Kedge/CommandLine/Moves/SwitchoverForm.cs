using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>Planned: services move while both sides live.</summary>
internal sealed class SwitchoverForm(CommandHost host) : MoveForm
{
    private readonly Argument<string[]> services = ServicesArgument(host, required: false);
    private readonly Option<string?> from = SiteOption(host, "--from", "Everything that is active at this site moves: maintenance of a whole site.");
    private readonly Option<string?> to = SiteOption(host, "--to", "Where to go; by default the first other site that the plan names for each service.");

    public override string Name => "switchover";

    public override string Summary => "Move services to another site while both live; nothing is lost.";

    public override IReadOnlyList<string> More =>
    [
        "The old side is stopped, and its data has arrived, before the new one is promoted: never are two copies writable. What needs no data moves before, with its traffic, so that the outage is as short as the data's move.",
    ];

    public override IReadOnlyList<(string Arguments, string Why)> Examples =>
    [
        ("orders --to west", "Move one service."),
        ("--from east", "Empty a site before its maintenance."),
    ];

    public override void AddTo(Command command)
    {
        command.Arguments.Add(services);
        command.Options.Add(from);
        command.Options.Add(to);
    }

    public override MoveRequest Read(Invocation call, KedgePlan plan, Register register, RunBook runs)
    {
        var names = Services(plan, call.Get(services));
        var target = SiteOrNull(plan, call.Get(to));
        if (call.Get(from) is { } site && names.Count == 0)
        {
            var left = Site(plan, site);
            return Request(RunKind.Switchover, Scenario.PlannedMaintenance, MoveSelection.OfSite(plan, register, left, target), $"no service is active at {left}");
        }

        if (names.Count == 0 || call.Get(from) is not null)
        {
            throw VerbException.Usage("say what is to move: services, or a site, not both", "kedge switchover SERVICE --to SITE, or kedge switchover --from SITE");
        }

        if (target is { } there && names.TrueForAll(n => register.ActiveSite(plan.FindService(n)!) == there))
        {
            throw new VerbException(ExitCodes.NothingToDo, $"{string.Join(", ", names)}: active at {there} already", null);
        }

        return Request(RunKind.Switchover, Scenario.PlannedMaintenance, MoveSelection.OfServices(plan, register, names, target), "nothing would move");
    }
}
