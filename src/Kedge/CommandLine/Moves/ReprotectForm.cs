using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>After a failover was committed: the old side becomes the standby.</summary>
internal sealed class ReprotectForm(CommandHost host) : MoveForm
{
    private readonly Argument<string[]> services = ServicesArgument(host, required: false);

    public override string Name => "reprotect";

    public override string Summary => "Make the old side the standby of the new one, after a failover was committed.";

    public override IReadOnlyList<string> More =>
    [
        "What only the old copy holds is kept aside before it is rewound or rebuilt. Until then the service runs without protection.",
    ];

    public override IReadOnlyList<(string Arguments, string Why)> Examples =>
    [
        ("", "Protect again all that was moved by failovers that were committed."),
        ("orders", "Protect one service again."),
    ];

    public override void AddTo(Command command) => command.Arguments.Add(services);

    public override MoveRequest Read(Invocation call, KedgePlan plan, Register register, RunBook runs)
    {
        var names = Services(plan, call.Get(services));
        if (runs.WaitingForCommit(names.Count > 0 ? names : [.. plan.Services.Select(s => s.Name)]) is { } open)
        {
            throw new VerbException(
                ExitCodes.Refused, $"{open.Id} waits for a commit: reprotection would close the way back", $"kedge run commit {open.Id} (or go back: kedge run rollback {open.Id})");
        }

        var moves = names.Count > 0
            ? names.Select(n => plan.FindService(n)!).Select(s => MoveOf(s, register, runs)).OfType<Move>().ToList()
            : plan.Services.Where(s => Unprotected(s, register, runs)).Select(s => MoveOf(s, register, runs)).OfType<Move>().ToList();
        return Request(RunKind.Reprotect, Scenario.PlannedMaintenance, new(moves, []), "no committed failover waits for reprotection");
    }

    /// <summary>From the side that is to be the standby, to the active one.</summary>
    private static Move? MoveOf(Service service, Register register, RunBook runs)
    {
        var active = register.ActiveSite(service);
        var old = LastMove(service, runs)?.From ?? service.AllSites.Cast<SiteName?>().FirstOrDefault(s => s != active);
        return old is { } site && site != active ? new(service.Name, site, active) : null;
    }

    /// <summary>The newest move of the service was a failover, and nothing was rebuilt since.</summary>
    private static bool Unprotected(Service service, Register register, RunBook runs)
    {
        var last = runs.Runs.LastOrDefault(r => !r.Planned.DryRun && Ended(r) && r.Plan.Moves.Any(m => m.Service == service.Name));
        return last is { Planned.Kind: RunKind.Failover, Status: RunStatus.Committed } && last.MoveOf(service.Name).To == register.ActiveSite(service);
    }

    private static Move? LastMove(Service service, RunBook runs) => runs.Runs
        .LastOrDefault(r => !r.Planned.DryRun && r.Planned.Kind is RunKind.Failover or RunKind.Switchover or RunKind.Failback && Ended(r) && r.Plan.Moves.Any(m => m.Service == service.Name))?
        .MoveOf(service.Name);

    private static bool Ended(RunState run) => run.Status is RunStatus.Completed or RunStatus.Committed;
}
